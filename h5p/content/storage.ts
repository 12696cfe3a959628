import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { IContentMetadata, IContentStorage, ILibraryName, IUser } from '@lumieducation/h5p-server'
import type { BlobStore, Collections } from '../../lrs/index.ts'
import { type ContentRecord, contentFiles, contents } from '../collections.ts'
import { H5pError } from '../h5p-error.ts'
import { fileMissing, isSafePath, openBlob, readBlob } from './files.ts'

/**
 * Content of lessons over the storage port: one document per lesson, one per file, the bytes as blobs. Every blob is
 * held before a document names it and released before the document goes, so that a crash can leave a blob too many but
 * never one too few; `deleteContent` may be repeated.
 */
export function createContentStorage({
  collections,
  blobs,
}: {
  collections: Collections
  blobs: BlobStore
}): IContentStorage {
  const fileKey = (id: string, path: string) => `${id}/${path}`
  const holder = (id: string, path: string) => `h5p-content:${id}/${path}`
  const PARAMETERS = 'content.json'

  async function record(id: string): Promise<ContentRecord> {
    const found = await collections.get(contents, id)
    if (!found) throw new H5pError('h5p-player:content-missing', { contentId: id }, 404)
    return found.value
  }
  async function file(id: string, path: string) {
    const found = await collections.get(contentFiles, fileKey(id, path))
    if (!found) throw fileMissing(path, id)
    return found.value
  }
  async function put(id: string, path: string, stream: AsyncIterable<Uint8Array>) {
    const blob = await blobs.put(stream)
    if (!(await blobs.hold(holder(id, path), [blob.sha2]))) throw new Error(`blob of ${path} vanished`)
    return blob
  }
  async function listFiles(id: string): Promise<string[]> {
    const paths: string[] = []
    let after: string | undefined
    do {
      const page = await collections.scan(contentFiles, {
        prefix: `${id}/`,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      })
      paths.push(...page.docs.map((doc) => doc.key.slice(id.length + 1)))
      after = page.next ?? undefined
    } while (after !== undefined)
    return paths
  }
  async function deleteFile(id: string, path: string): Promise<void> {
    await blobs.hold(holder(id, path), [])
    await collections.delete(contentFiles, fileKey(id, path))
  }

  return {
    async addContent(metadata: IContentMetadata, content: unknown, user: IUser, contentId?: string) {
      const id = contentId ?? randomUUID()
      const { sha2 } = await put(id, PARAMETERS, Readable.from([Buffer.from(JSON.stringify(content))]))
      const before = (await collections.get(contents, id))?.value
      await collections.put(contents, id, {
        owner: user.id,
        mainLibrary: metadata.mainLibrary,
        libraries: [...new Set(namedLibraries(metadata).map(spaced))],
        metadata: JSON.stringify(metadata),
        parameters: sha2,
        pending: before?.pending ?? true,
        created: before?.created ?? Date.now(),
      })
      return id
    },
    async addFile(id, filename, stream) {
      if (!isSafePath(filename) || filename === PARAMETERS) throw new H5pError('illegal-filename', {}, 400)
      const blob = await put(id, filename, stream as unknown as AsyncIterable<Uint8Array>)
      await collections.put(contentFiles, fileKey(id, filename), blob)
    },
    async contentExists(id) {
      return (await collections.get(contents, id)) !== null
    },
    async deleteContent(id) {
      for (const path of await listFiles(id)) await deleteFile(id, path)
      await blobs.hold(holder(id, PARAMETERS), [])
      await collections.delete(contents, id)
    },
    deleteFile,
    async fileExists(id, filename) {
      return (await collections.get(contentFiles, fileKey(id, filename))) !== null
    },
    async getFileStats(id, filename) {
      return { size: (await file(id, filename)).size, birthtime: new Date(0) }
    },
    async getFileStream(id, filename, _user, start, end) {
      const { sha2, size } = await file(id, filename)
      if (start === undefined) return openBlob(blobs, sha2)
      return openBlob(blobs, sha2, { start, end: Math.min(end ?? size - 1, size - 1) })
    },
    async getMetadata(id) {
      return JSON.parse((await record(id)).metadata) as IContentMetadata
    },
    async getParameters(id) {
      return JSON.parse(await readBlob(blobs, (await record(id)).parameters))
    },
    async getUsage(library: ILibraryName) {
      const name = spaced(library)
      const asMainLibrary = await collections.count(contents, {
        index: 'main',
        equals: { mainLibrary: name },
      })
      const all = await collections.count(contents, { index: 'library', equals: { libraries: name } })
      return { asMainLibrary, asDependency: all - asMainLibrary }
    },
    async listContent(user) {
      const ids: string[] = []
      let after: string | undefined
      do {
        const options = { limit: 500, ...(after === undefined ? {} : { after }) }
        const page = user
          ? await collections.find(contents, { index: 'owner', equals: { owner: user.id }, ...options })
          : await collections.scan(contents, options)
        ids.push(...page.docs.map((doc) => doc.key))
        after = page.next ?? undefined
      } while (after !== undefined)
      return ids
    },
    listFiles,
    sanitizeFilename: (filename) => filename.replace(/[^\w\-./]/g, '_').slice(-200),
  }
}

function namedLibraries(metadata: IContentMetadata): ILibraryName[] {
  return [
    ...(metadata.preloadedDependencies ?? []),
    ...(metadata.dynamicDependencies ?? []),
    ...(metadata.editorDependencies ?? []),
  ]
}

function spaced(library: ILibraryName): string {
  return `${library.machineName} ${library.majorVersion}.${library.minorVersion}`
}

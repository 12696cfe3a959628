import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { BlobStore, Collections, Operation } from '../../lrs/index.ts'
import { type FileRecord, type LibraryRecord, libraries } from '../collections.ts'
import type { PackageLibrary } from '../package/read.ts'
import { libraryKey } from './names.ts'

/** Each put waits for the disk; some wait together. */
const AT_ONCE = 16

/** Puts a package's library files into the blob store, unheld, and describes the library. Nothing is installed yet. */
export async function prepareLibrary(blobs: BlobStore, library: PackageLibrary): Promise<LibraryRecord> {
  const files: Record<string, FileRecord> = {}
  const paths = [...library.files].sort()
  for (let at = 0; at < paths.length; at += AT_ONCE)
    await Promise.all(
      paths.slice(at, at + AT_ONCE).map(async (path) => {
        files[path] = await blobs.put(createReadStream(join(library.directory, path)))
      }),
    )
  const { machineName, majorVersion, minorVersion, patchVersion, metadata } = library
  return {
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    metadata: JSON.stringify(metadata),
    addon: metadata.addTo !== undefined,
    restricted: false,
    files,
  }
}

/**
 * Installs or updates these libraries, all or none; the only place where code enters. Readers see the old set or the
 * new one. A library that meanwhile came in with an equal or higher patch stays.
 */
export async function installLibraries(
  { collections, blobs }: { collections: Collections; blobs: BlobStore },
  records: Iterable<LibraryRecord>,
): Promise<void> {
  const operations: Operation[] = []
  for (const record of records) {
    const key = libraryKey(record)
    const installed = await collections.get(libraries, key)
    if (installed && installed.value.patchVersion >= record.patchVersion) continue
    const before = Object.values(installed?.value.files ?? {}).map((file) => file.sha2)
    const now = Object.values(record.files).map((file) => file.sha2)
    // Until the batch is through, the blobs of both versions are kept.
    if (!(await blobs.hold(holder(key), [...new Set([...before, ...now])])))
      throw new Error(`a blob of ${key} vanished while it was being installed`)
    operations.push(
      installed
        ? { op: 'replace', collection: libraries, key, value: record, revision: installed.revision }
        : { op: 'insert', collection: libraries, key, value: record },
    )
  }
  if (operations.length === 0) return
  const outcome = await collections.batch(operations)
  if (!outcome.ok)
    throw new Error('another process installed the same libraries at the same time; upload again')
  for (const operation of operations)
    if ('value' in operation) {
      const { files } = operation.value as LibraryRecord
      await blobs.hold(holder(operation.key), [...new Set(Object.values(files).map((file) => file.sha2))])
    }
}

const holder = (key: string) => `h5p-library:${key}`

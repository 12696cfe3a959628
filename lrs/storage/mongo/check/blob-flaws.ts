import { createHash } from 'node:crypto'
import type { ObjectId } from 'mongodb'
import { createContent } from '../content.ts'
import { keyOf, namesOf } from '../names.ts'
import type { BlobDocument } from '../schema.ts'
import type { Flaw, Look } from './flaw.ts'
import { pagesOf, pagesOfFiles } from './pages.ts'
import type { Place } from './place.ts'

/** Blobs whose content is not there, or is another; `quick` looks at lengths alone. */
export function blobLook({ connection, schema, names }: Place, quick: boolean): Look {
  const content = createContent(connection, schema, names.tenant)

  async function flawOf(blob: BlobDocument): Promise<Flaw | null> {
    const sha2 = keyOf(blob._id)
    if (!(await content.isWhole(blob)))
      return {
        kind: 'blob-missing',
        what: `The content of attachment or lesson file ${sha2} is missing or not whole.`,
        at: blob._id,
      }
    if (quick || (await hashOf(blob)) === sha2) return null
    return {
      kind: 'blob-changed',
      what: `The content of ${sha2} (file ${blob.file.toHexString()}) is not what its name says.`,
      at: blob._id,
    }
  }

  /** Null: it cannot be read. */
  async function hashOf(blob: BlobDocument): Promise<string | null> {
    const hash = createHash('sha256')
    try {
      for await (const piece of (await content.open(blob)) ?? []) hash.update(piece as Uint8Array)
    } catch {
      return null
    }
    return hash.digest('hex')
  }

  return {
    counts: true,
    again: 'apart',
    pages: () => pagesOf(connection, schema.blob, names),
    async flaws(ids) {
      const flaws: Flaw[] = []
      for (const blob of await connection.ask(() => schema.blob.find({ _id: { $in: [...ids] } }).toArray())) {
        const flaw = await flawOf(blob)
        if (flaw) flaws.push(flaw)
      }
      return flaws
    },
  }
}

/** What lessons keep and is not there. */
export function holdLook({ connection, schema, names }: Place): Look {
  return {
    again: 'at one moment',
    pages: () => pagesOf(connection, schema.hold, names),
    async flaws(ids, session) {
      const options = session ? { session } : {}
      const holds = await schema.hold.find({ _id: { $in: [...ids] } }, options).toArray()
      const held = [...new Set(holds.flatMap(({ blobs }) => blobs))]
      const found = await schema.blob
        .find({ _id: { $in: held } }, { ...options, projection: { _id: 1 } })
        .toArray()
      const there = new Set(found.map(({ _id }) => _id))
      return holds.flatMap(({ _id, blobs }) =>
        blobs
          .filter((blob) => !there.has(blob))
          .map(
            (blob): Flaw => ({
              kind: 'blob-unknown',
              what: `The file ${keyOf(blob)} that a lesson keeps is not in the store.`,
              at: _id,
            }),
          ),
      )
    },
  }
}

/** Files of GridFS, of all tenants, that no blob names and that are not known as loose either. */
export function fileLook({ connection, schema }: Pick<Place, 'connection' | 'schema'>): Look<ObjectId> {
  const files = schema['content.files']
  return {
    again: 'at one moment',
    pages: () => pagesOfFiles(connection, files),
    async flaws(ids, session) {
      const options = session ? { session } : {}
      const found = await files.find({ _id: { $in: [...ids] } }, options).toArray()
      const asked = found.flatMap(({ _id, metadata }) => {
        const { tenant, sha2 } = (metadata ?? {}) as { tenant?: string; sha2?: string }
        if (tenant === undefined || sha2 === undefined) return []
        const names = namesOf(tenant)
        return { _id, tenant, blob: names.of(sha2), note: names.of(_id.toHexString()) }
      })
      const blobs = await schema.blob.find({ _id: { $in: asked.map(({ blob }) => blob) } }, options).toArray()
      const notes = await schema.loose
        .find({ _id: { $in: asked.map(({ note }) => note) } }, options)
        .toArray()
      const known = new Set([...blobs, ...notes].map(({ file }) => file.toHexString()))
      return asked
        .filter(({ _id }) => !known.has(_id.toHexString()))
        .map(
          ({ _id, tenant, note }): Flaw<ObjectId> => ({
            kind: 'file-unknown',
            what: `Nothing in the store names the file ${_id.toHexString()}.`,
            at: _id,
            tenant,
            // The next collection takes it away.
            fix: (session) =>
              schema.loose.insertOne({ _id: note, file: _id, since: 0 }, session ? { session } : {}),
          }),
        )
    },
  }
}

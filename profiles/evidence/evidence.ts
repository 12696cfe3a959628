import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type BlobStore, type Collections, type Doc, type Refusal, refuse } from '../../lrs/index.ts'
import { idFrom } from '../self-told/self-told.ts'
import type { PersonId } from '../types.ts'
import {
  EVIDENCE,
  type EvidenceDocument,
  type EvidenceType,
  holderOf,
  TAKEN,
  type TakenDocument,
  USAGE,
} from './documents.ts'
import { EVIDENCE_LIMITS, FULL, MANY, REMOVED } from './problems.ts'
import { type ReadyFile, readEvidence } from './read-evidence.ts'
import { openSalted, putSalted } from './salted-blob.ts'

/** One photo or file, as it is kept. */
export interface Evidence {
  id: string
  person: PersonId
  /** The activity that it is evidence of. */
  activity: string
  type: EvidenceType
  /** Bytes. */
  size: number
  hasPreview: boolean
  /** ms */
  added: number
}

export interface Evidences {
  /** What is wrong with adding a file there, whatever the file; null when nothing is. To be asked before it is read. */
  noRoom(person: PersonId, activity: string): Promise<Refusal | null>
  /** Reads a person's file on disk; keeps nothing. Problem ids: `evidence-…`; `evidence-busy` while many photos wait. */
  read(path: string, person: PersonId): Promise<ReadyFile | Refusal>
  /** `given` is what the person's device calls it: sent again it is there once, and `evidence-removed` after that. */
  add(person: PersonId, activity: string, file: ReadyFile, given?: string): Promise<Evidence | Refusal>
  /** Oldest first. */
  of(person: PersonId, activity: string): Promise<Evidence[]>
  get(id: string): Promise<Evidence | null>
  /** The file, or its small picture; null when there is none (any more). Who may see it is for the caller to know. */
  open(
    id: string,
    which?: 'file' | 'preview',
  ): Promise<{ evidence: Evidence; type: EvidenceType; size: number; content: Readable } | null>
  /** Null for somebody else's, and for what is not there. */
  remove(person: PersonId, id: string): Promise<Evidence | null>
  /** With the thing that they were evidence of. */
  removeAll(person: PersonId, activity: string): Promise<void>
  /** All of a person, by time. */
  all(person: PersonId, options: { after?: string; limit: number }): Promise<Page<Evidence>>
  /** What was taken away, and when, by time. */
  taken(person: PersonId, options: { after?: string; limit: number }): Promise<Page<TakenAway>>
  /** Finishes what a kill or an outage cut short; returns how many files. */
  resume(): Promise<number>
}
interface Page<T> {
  items: T[]
  next: string | null
}
export interface TakenAway
  extends Pick<TakenDocument, 'person' | 'activity' | 'type' | 'size' | 'added' | 'taken'> {
  id: string
}

export interface EvidencesDeps {
  collections: Collections
  blobs: Pick<BlobStore, 'put' | 'open' | 'hold'>
  now: () => number
}

/** What was cut short is left alone for so long: it may still be going on. */
const CUT_SHORT = 60_000
/** How long it is known that something was taken away. */
const KNOWN = 400 * 86_400_000

/** Photos and files behind what people tell of themselves. They are read by their owner, and by nobody through a share. */
export function createEvidences({ collections, blobs, now }: EvidencesDeps): Evidences {
  /** Tells the store to hold the files; what is not there any more is forgotten. */
  async function settle({ key, value }: Doc<EvidenceDocument>): Promise<void> {
    const files = [value.sha2, ...(value.previewSha2 === null ? [] : [value.previewSha2])]
    const held = await blobs.hold(holderOf(key), files)
    const doc = await collections.get(EVIDENCE, key)
    if (!doc) return void (await blobs.hold(holderOf(key), []))
    if (held) await collections.replace(EVIDENCE, key, { ...doc.value, waiting: null }, doc.revision)
    else await takeAway(doc)
  }

  /** `false`: something else changed it meanwhile. */
  async function takeAway({ key, value, revision }: Doc<EvidenceDocument>): Promise<boolean> {
    const { person, activity, type, size, previewSize, added } = value
    const usage = await collections.get(USAGE, person)
    const left = {
      bytes: (usage?.value.bytes ?? 0) - size - previewSize,
      files: (usage?.value.files ?? 0) - 1,
    }
    const gone: TakenDocument = { person, activity, type, size, added, taken: now(), waiting: now() }
    const { ok } = await collections.batch([
      { op: 'delete', collection: EVIDENCE, key, revision },
      { op: 'insert', collection: TAKEN, key, value: gone, expires: now() + KNOWN },
      usage
        ? { op: 'replace', collection: USAGE, key: person, value: left, revision: usage.revision }
        : { op: 'check', collection: USAGE, key: person, revision: null },
    ])
    // Once more a while later: whoever was just adding it may hold it after this.
    if (ok) await blobs.hold(holderOf(key), [])
    return ok
  }

  async function remove(person: PersonId, id: string): Promise<Evidence | null> {
    for (;;) {
      const doc = await collections.get(EVIDENCE, id)
      if (doc?.value.person !== person) return null
      if (await takeAway(doc)) return evidenceOf(doc)
    }
  }

  async function of(person: PersonId, activity: string): Promise<Evidence[]> {
    const { docs } = await collections.find(EVIDENCE, {
      index: 'activity',
      equals: { person, activity },
      limit: EVIDENCE_LIMITS.files,
    })
    return docs.map(evidenceOf)
  }

  /** Why so many bytes more cannot be kept there; else what is kept. */
  async function whyNot(person: PersonId, activity: string, bytes: number) {
    const usage = await collections.get(USAGE, person)
    const used = usage?.value ?? { bytes: 0, files: 0 }
    if (used.bytes + bytes > EVIDENCE_LIMITS.personBytes) return refuse(FULL)
    if ((await of(person, activity)).length >= EVIDENCE_LIMITS.files) return refuse(MANY)
    return { usage, used }
  }

  async function get(id: string): Promise<Evidence | null> {
    const doc = await collections.get(EVIDENCE, id)
    return doc && evidenceOf(doc)
  }

  return {
    async noRoom(person, activity) {
      const found = await whyNot(person, activity, 1)
      return 'problems' in found ? found : null
    },

    read: readEvidence,

    async add(person, activity, file, given) {
      const id = given === undefined ? randomUUID() : idFrom(person, `${given} ${activity}`)
      const there = await get(id)
      if (there) return there
      if (given !== undefined && (await collections.get(TAKEN, id))) return refuse(REMOVED)
      const size = file.content.length
      const previewSize = file.preview?.length ?? 0
      // Before anything is put: most refusals need no file on disk.
      const first = await whyNot(person, activity, size + previewSize)
      if ('problems' in first) return first
      const value: EvidenceDocument = {
        ...{ person, activity, type: file.type, size, previewSize },
        sha2: await putSalted(blobs, file.content),
        previewSha2: file.preview && (await putSalted(blobs, file.preview)),
        added: now(),
        waiting: now(),
      }
      for (;;) {
        const found = await whyNot(person, activity, size + previewSize)
        if ('problems' in found) return found
        const { usage, used } = found
        const more = { bytes: used.bytes + size + previewSize, files: used.files + 1 }
        const counted = { collection: USAGE, key: person, value: more }
        const { ok } = await collections.batch([
          { op: 'insert', collection: EVIDENCE, key: id, value },
          usage ? { ...counted, op: 'replace', revision: usage.revision } : { ...counted, op: 'insert' },
        ])
        const doc = await collections.get(EVIDENCE, id)
        if (ok && doc) await settle(doc)
        if (ok || doc) return evidenceOf(doc ?? { key: id, value, revision: 0 })
      }
    },

    of,
    get,

    async open(id, which = 'file') {
      const doc = await collections.get(EVIDENCE, id)
      if (!doc) return null
      const { sha2, previewSha2, size, previewSize, type } = doc.value
      const asked = which === 'file' ? { sha2, size } : { sha2: previewSha2, size: previewSize }
      if (asked.sha2 === null) return null
      const content = await openSalted(blobs, asked.sha2, asked.size)
      return content && { evidence: evidenceOf(doc), type, size: asked.size, content }
    },

    remove,

    async removeAll(person, activity) {
      for (const { id } of await of(person, activity)) await remove(person, id)
    },

    async all(person, { after, limit }) {
      const asked = { index: 'person', equals: { person }, limit, ...(after && { after }) }
      const { docs, next } = await collections.find(EVIDENCE, asked)
      return { items: docs.map(evidenceOf), next }
    },

    async taken(person, { after, limit }) {
      const asked = { index: 'person', equals: { person }, limit, ...(after && { after }) }
      const { docs, next } = await collections.find(TAKEN, asked)
      return { items: docs.map(({ key, value: { waiting: _, ...rest } }) => ({ id: key, ...rest })), next }
    },

    async resume() {
      const cutShort = { index: 'waiting', range: { gt: 0, lte: now() - CUT_SHORT }, limit: 100 }
      const held = await collections.find(EVIDENCE, cutShort)
      for (const doc of held.docs) await settle(doc)
      const gone = await collections.find(TAKEN, cutShort)
      for (const { key, value, revision } of gone.docs) {
        await blobs.hold(holderOf(key), [])
        const expires = value.taken + KNOWN
        await collections.replace(TAKEN, key, { ...value, waiting: null }, revision, { expires })
      }
      return held.docs.length + gone.docs.length
    },
  }
}

function evidenceOf({ key, value }: Doc<EvidenceDocument>): Evidence {
  const { person, activity, type, size, previewSha2, added } = value
  return { id: key, person, activity, type, size, hasPreview: previewSha2 !== null, added }
}

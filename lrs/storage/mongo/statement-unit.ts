import type { AnyBulkWriteOperation, ClientSession, Document } from 'mongodb'
import { mergeDefinition } from '../definition.ts'
import type { Position, SourceId, StatementRecord, WriteRefusal } from '../port.ts'
import { stamp } from '../stamp.ts'
import { putToUse } from './blobs.ts'
import type { Done, Ticket } from './gate.ts'
import type { Names } from './names.ts'
import type { DefinitionDocument, EventDocument, IdDocument, Schema, StatementDocument } from './schema.ts'
import { ACTOR, nameKey, termsOf } from './terms.ts'

/** Statements that are written in one transaction: what they meet is read, judged here, and what follows is written. */
export interface StatementUnit {
  /** Reads what these may meet. To be called before they are taken. */
  load(records: readonly StatementRecord[]): Promise<void>
  /** Its position, 0 when the same statement is there already, or why not. */
  take(record: StatementRecord): Position | WriteRefusal
  /** Where all could be taken back to. */
  mark(): () => void
  /** Writes what was taken; more can be taken afterwards. */
  write(): Promise<void>
  done(): Done
}

interface Known {
  /** As the database has it. */
  before: IdDocument | null
  now: IdDocument | null
}
type Voider = { source: SourceId; foreign: boolean }

/** What was stated last, in order; `first` is where it was stated first. */
interface Stated {
  source: SourceId
  texts: string[]
  first: Position
}

/** Found things come in one answer, up to so many. */
const AT_ONCE = 2_000

/** At most so many positions a statement: its own, and that of a void it brings or meets. */
export const POSITIONS_EACH = 2

export function beginStatements(
  schema: Schema,
  names: Names,
  session: ClientSession,
  ticket: Ticket,
  now: number,
): StatementUnit {
  const ids = new Map<string, Known>()
  const voiders = new Map<string, Voider[]>()
  const blobs = new Set<string>()
  let next = ticket.first
  let fresh = 0
  let references = false

  let added: StatementDocument[] = []
  /** By position: what changes on statements that were there before. */
  let marks = new Map<string, { actor: string; set: Document }>()
  let events: EventDocument[] = []
  let stated = new Map<string, Stated>()
  let named = new Set<string>()
  let touched = new Set<string>()
  /** How to undo each step since the last write, the newest last. */
  let undo: (() => void)[] = []

  async function load(records: readonly StatementRecord[]): Promise<void> {
    const wanted = new Set<string>()
    const attached = new Set<string>()
    for (const { id, refersTo, attachments } of records) {
      wanted.add(names.of(id))
      if (refersTo !== null) wanted.add(names.of(refersTo))
      for (const sha2 of attachments) attached.add(names.of(sha2))
    }
    const unread = [...wanted].filter((id) => !ids.has(id))
    const found = await schema.id.find({ _id: { $in: unread } }, { session, batchSize: AT_ONCE }).toArray()
    for (const id of unread) ids.set(id, { before: null, now: null })
    for (const one of found) ids.set(one._id, { before: one, now: one })
    const waited = found.filter((one) => one.at === undefined && one.waiting).map(({ _id }) => _id)
    if (waited.length > 0) {
      const waiting = await schema.statement
        .find(
          { refersTo: { $in: waited }, voiding: true },
          { session, projection: { refersTo: 1, source: 1, foreign: 1 } },
        )
        .hint('by-target')
        .toArray()
      for (const { refersTo, source, foreign } of waiting)
        voiders.set(refersTo!, [...(voiders.get(refersTo!) ?? []), { source, foreign: foreign === true }])
    }
    const unseen = [...attached].filter((id) => !blobs.has(id))
    if (unseen.length === 0) return
    const held = schema.blob.find({ _id: { $in: unseen } }, { session, projection: { _id: 1 } })
    for await (const { _id } of held) blobs.add(_id)
  }

  /** Changes what is known of an id, so that it can be undone. */
  function change(_id: string, to: IdDocument): void {
    const known = ids.get(_id)!
    const was = known.now
    known.now = to
    undo.push(() => {
      known.now = was
    })
  }

  function tell(id: string): void {
    events.push({ _id: names.at(next++), kind: 'voided', id })
    undo.push(() => events.pop())
  }

  /** On the statement itself, whether it comes now or was there. */
  function markStatement(known: IdDocument, set: { voided: true } | { target: true }): void {
    const _id = names.at(known.at!)
    const mine = added.find((one) => one._id === _id)
    if (mine) {
      const was = { ...mine }
      Object.assign(mine, set)
      undo.push(() => {
        mine.voided = was.voided
        if (was.target === undefined) delete mine.target
      })
      return
    }
    const was = marks.get(_id)
    marks.set(_id, { actor: known.actor!, set: { ...was?.set, ...set } })
    undo.push(() => (was ? marks.set(_id, was) : marks.delete(_id)))
  }

  function take(record: StatementRecord): Position | WriteRefusal {
    const _id = names.of(record.id)
    const there = ids.get(_id)!.now
    if (there?.at !== undefined)
      return there.fingerprint === record.fingerprint ? 0 : { kind: 'conflict', id: record.id }
    const missing = record.attachments.find((sha2) => !blobs.has(names.of(sha2)))
    if (missing !== undefined) return { kind: 'blob-missing', id: record.id, sha2: missing }

    const position = next++
    const statement = documentOf(record, position)
    added.push(statement)
    fresh++
    undo.push(() => {
      added.pop()
      fresh--
    })
    const { actor, source, fingerprint, refersTo } = statement
    change(_id, {
      _id,
      at: position,
      actor,
      source,
      fingerprint,
      ...(record.voiding && { voiding: true }),
      ...(refersTo !== undefined && { refersTo }),
      ...(there?.target && { target: true }),
    })
    if (there?.target) statement.target = true
    if (refersTo !== undefined) refer(refersTo)
    if (record.voiding && refersTo !== undefined) {
      const refusal = voidTarget(record, refersTo)
      if (refusal) return refusal
    }
    // One that comes after what voids it is voided at once, by the same rule. A voiding one never is.
    const waiting = record.voiding ? [] : (voiders.get(_id) ?? [])
    if (waiting.some((voider) => voider.foreign || voider.source === source)) voidNow(_id, record.id)
    for (const definition of record.definitions) state(source, definition, position)
    for (const { agent, name } of record.names) add(named, names.of(nameKey(agent, source, name)))
    for (const sha2 of record.attachments) add(touched, names.of(sha2))
    return position
  }

  function documentOf(record: StatementRecord, position: Position): StatementDocument {
    const { id, source, fingerprint, keys, attachments } = record
    const _id = names.at(position)
    return {
      _id,
      id,
      stored: ticket.stored,
      source,
      actor: names.of(keys.find((key) => key.startsWith(ACTOR)) ?? id),
      fingerprint,
      text: stamp(record, ticket.stored),
      voided: false,
      ...(record.voiding && { voiding: true, ...(record.mayVoidForeign && { foreign: true }) }),
      ...(record.refersTo !== null && { refersTo: names.of(record.refersTo), referrer: _id }),
      ...(attachments.length > 0 && {
        attachments: [...attachments],
        blobs: [...new Set(attachments)].map(names.of),
      }),
      keys: [...new Set(keys)],
      ...(record.names.length > 0 && { names: record.names.map(({ agent, name }) => ({ agent, name })) }),
      terms: termsOf(names.tenant, record),
    }
  }

  /** The target is marked, or its place kept until it comes: what both write, they cannot pass each other. */
  function refer(target: string): void {
    references = true
    const known = ids.get(target)!.now
    if (known?.target) return
    change(target, { ...(known ?? { _id: target }), target: true })
    if (known?.at !== undefined) markStatement(known, { target: true })
  }

  function voidTarget(record: StatementRecord, target: string): WriteRefusal | undefined {
    const known = ids.get(target)!.now!
    const voider = { source: record.source, foreign: record.mayVoidForeign }
    if (known.at === undefined) {
      change(target, { ...known, waiting: (known.waiting ?? 0) + 1 })
      const before = voiders.get(target)
      voiders.set(target, [...(before ?? []), voider])
      undo.push(() => (before ? voiders.set(target, before) : voiders.delete(target)))
      return
    }
    const about = { id: record.id, target: record.refersTo! }
    if (known.voiding) return { kind: 'void-voiding', ...about }
    if (known.source !== voider.source && !voider.foreign) return { kind: 'void-foreign', ...about }
    if (!known.voided) voidNow(target, about.target)
  }

  function voidNow(_id: string, id: string): void {
    const known = ids.get(_id)!.now!
    change(_id, { ...known, voided: true })
    markStatement(known, { voided: true })
    tell(id)
  }

  function state(
    source: SourceId,
    { activity, text }: { activity: string; text: string },
    first: Position,
  ): void {
    const _id = names.of(definitionKey(activity, source))
    const known = stated.get(_id)
    if (!known) {
      stated.set(_id, { source, texts: [text], first })
      undo.push(() => stated.delete(_id))
    } else if (known.texts.at(-1) !== text) {
      known.texts.push(text)
      undo.push(() => known.texts.pop())
    }
  }

  function add(to: Set<string>, value: string): void {
    if (to.has(value)) return
    to.add(value)
    undo.push(() => to.delete(value))
  }

  async function writeIds(): Promise<void> {
    const changes: AnyBulkWriteOperation<IdDocument>[] = []
    for (const known of ids.values()) {
      const { before, now } = known
      if (before === now || now === null) continue
      if (before === null) changes.push({ insertOne: { document: now } })
      else changes.push({ replaceOne: { filter: { _id: now._id }, replacement: now } })
      known.before = now
    }
    if (changes.length > 0) await schema.id.bulkWrite(changes, { session, ordered: false })
  }

  async function writeStatements(): Promise<void> {
    if (added.length > 0) await schema.statement.insertMany(added, { session, ordered: false })
    if (marks.size === 0) return
    const changes = [...marks].map(([_id, { actor, set }]) => ({
      updateOne: { filter: { _id, actor }, update: { $set: set } },
    }))
    await schema.statement.bulkWrite(changes, { session, ordered: false })
  }

  /** Written only where something in it changes, so that many writers on one activity do not meet. */
  async function define(): Promise<void> {
    if (stated.size === 0) return
    const found = await schema.definition
      .find({ _id: { $in: [...stated.keys()] } }, { session, batchSize: AT_ONCE })
      .toArray()
    const there = new Map(found.map((one) => [one._id, one.text]))
    const changes = [...stated].flatMap(
      ([_id, { source, texts, first }]): AnyBulkWriteOperation<DefinitionDocument>[] => {
        const old = there.get(_id)
        const text =
          old === undefined ? mergeDefinition(texts[0]!, texts.slice(1)) : mergeDefinition(old, texts)
        if (old === undefined) return [{ insertOne: { document: { _id, source, text, first } } }]
        return old === text ? [] : [{ updateOne: { filter: { _id }, update: { $set: { text } } } }]
      },
    )
    if (changes.length > 0) await schema.definition.bulkWrite(changes, { session, ordered: false })
  }

  async function writeNames(): Promise<void> {
    if (named.size === 0) return
    const all = [...named]
    const found = await schema.name.find({ _id: { $in: all } }, { session, batchSize: AT_ONCE }).toArray()
    const there = new Set(found.map(({ _id }) => _id))
    const missing = all.filter((_id) => !there.has(_id)).map((_id) => ({ _id }))
    if (missing.length > 0) await schema.name.insertMany(missing, { session, ordered: false })
  }

  /** Against collection, which looks for attachments in a transaction of its own: both write the blob's document. */
  async function touchBlobs(): Promise<void> {
    if (touched.size === 0) return
    await schema.blob.updateMany({ _id: { $in: [...touched] } }, putToUse(now), { session })
  }

  return {
    load,
    take,
    mark() {
      const steps = undo.length
      const was = { next, references }
      return () => {
        while (undo.length > steps) undo.pop()!()
        next = was.next
        references = was.references
      }
    },
    async write() {
      // What others may be writing too comes first: whoever has to begin again has not done the long part yet.
      await writeIds()
      await define()
      await writeNames()
      await writeStatements()
      if (events.length > 0) await schema.event.insertMany(events, { session, ordered: false })
      await touchBlobs()
      added = []
      marks = new Map()
      events = []
      stated = new Map()
      named = new Set()
      touched = new Set()
      undo = []
    },
    done: () => ({ fresh, references }),
  }
}

export const definitionKey = (activity: string, source: SourceId) => JSON.stringify([activity, source])
/** How the keys of all definitions of an activity begin. */
export const definitionPrefix = (activity: string) => `${JSON.stringify([activity]).slice(0, -1)},`

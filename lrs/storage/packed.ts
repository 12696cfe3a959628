import type { StatementRecord } from './port.ts'
import { stamp } from './stamp.ts'

/**
 * Records as bytes, as which they go from thread to thread and into the file in which a batch of any length waits: a
 * record itself would be copied each time, and be garbage each time. First the length of the texts (32 bits), then the
 * texts, one behind the other with room for the server's times, then the rest as JSON, in which each key, name and
 * definition stands once.
 */
export interface PackedRecords {
  /** Of the statements, in order. */
  ids: readonly string[]
  bytes: Uint8Array<ArrayBuffer>
}

export interface PackedStatement
  extends Omit<StatementRecord, 'text' | 'keys' | 'names' | 'definitions' | 'attachments'> {
  /** Of its text. */
  bytes: number
  attachments: string[]
  /** Places in the lists. */
  keys: number[]
  names: number[]
  definitions: number[]
}

/** What is told beside the texts. A name stands there with the source that states it. */
export interface Description {
  keys: string[]
  names: { agent: string; name: string; source: string }[]
  definitions: { activity: string; text: string }[]
  statements: PackedStatement[]
}

/**
 * So many statements are packed together, or so many bytes of text, or so many letters of the rest. More would save no
 * more, and be held for longer.
 */
const STATEMENTS = 250
const BYTES = 1_000_000
const LETTERS = 500_000

export interface Packer {
  add(record: StatementRecord): void
  isFull(): boolean
  /** What was added since the last time; null when nothing was. */
  take(): PackedRecords | null
}

export function createPacker(): Packer {
  // One buffer for all: what is dropped after each would pile up until the next collection of garbage.
  let buffer = Buffer.allocUnsafeSlow(256 * 1024)
  let filled = HEAD
  let part = describe()

  function makeRoom(bytes: number): void {
    if (filled + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(filled + bytes, buffer.length * 2))
    buffer.copy(larger, 0, 0, filled)
    buffer = larger
  }
  /** The number of bytes. */
  function append(text: string): number {
    if (text.length * 3 > buffer.length - filled) makeRoom(Buffer.byteLength(text))
    const length = buffer.write(text, filled)
    filled += length
    return length
  }
  return {
    add: (record) => part.add(record, append(stamp(record, 0))),
    isFull: () =>
      part.description.statements.length >= STATEMENTS || filled >= BYTES || part.letters() >= LETTERS,
    take() {
      const { description } = part
      if (description.statements.length === 0) return null
      buffer.writeUInt32LE(filled - HEAD)
      append(JSON.stringify(description))
      const packed = {
        ids: description.statements.map(({ id }) => id),
        bytes: new Uint8Array(buffer.buffer.slice(0, filled)),
      }
      filled = HEAD
      part = describe()
      return packed
    },
  }
}

/** All of them, in groups as large as is good. */
export function* pack(records: Iterable<StatementRecord>): Generator<PackedRecords> {
  const packer = createPacker()
  for (const record of records) {
    packer.add(record)
    if (packer.isFull()) yield packer.take()!
  }
  const rest = packer.take()
  if (rest) yield rest
}

function describe() {
  const description: Description = { keys: [], names: [], definitions: [], statements: [] }
  const keys = new Map<string, number>()
  /** Places of the last name of an agent and the last definition of an activity: they rarely change. */
  const names = new Map<string, number>()
  const definitions = new Map<string, number>()
  let letters = 0

  function placeOfKey(key: string): number {
    const known = keys.get(key)
    if (known !== undefined) return known
    letters += key.length
    const place = description.keys.push(key) - 1
    keys.set(key, place)
    return place
  }
  function placeOfName(agent: string, name: string, source: string): number {
    const known = names.get(agent)
    const last = known === undefined ? undefined : description.names[known]
    if (last?.name === name && last.source === source) return known!
    letters += agent.length + name.length
    const place = description.names.push({ agent, name, source }) - 1
    names.set(agent, place)
    return place
  }
  function placeOfDefinition({ activity, text }: StatementRecord['definitions'][number]): number {
    const known = definitions.get(activity)
    if (known !== undefined && description.definitions[known]!.text === text) return known
    letters += activity.length + text.length
    const place = description.definitions.push({ activity, text }) - 1
    definitions.set(activity, place)
    return place
  }
  return {
    description,
    letters() {
      return letters
    },
    add(record: StatementRecord, bytes: number): void {
      description.statements.push({
        id: record.id,
        needsTimestamp: record.needsTimestamp,
        fingerprint: record.fingerprint,
        source: record.source,
        refersTo: record.refersTo,
        voiding: record.voiding,
        mayVoidForeign: record.mayVoidForeign,
        attachments: [...record.attachments],
        bytes,
        keys: record.keys.map(placeOfKey),
        names: record.names.map(({ agent, name }) => placeOfName(agent, name, record.source)),
        definitions: record.definitions.map(placeOfDefinition),
      })
    },
  }
}

/** Without making records of it: `texts` is a part of `bytes`. */
export function openPacked(bytes: Uint8Array): { texts: Buffer; description: Description } {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = HEAD + all.readUInt32LE()
  return { texts: all.subarray(HEAD, end), description: JSON.parse(all.toString('utf8', end)) }
}

export function unpack(bytes: Uint8Array): StatementRecord[] {
  const { texts, description } = openPacked(bytes)
  let at = 0
  return description.statements.map(({ bytes: length, keys, names, definitions, ...rest }) => {
    const begin = at + TIMES[rest.needsTimestamp ? 'both' : 'stored']
    at += length
    return {
      ...rest,
      text: `{${texts.toString('utf8', begin, at)}`,
      keys: keys.map((place) => description.keys[place]!),
      names: names.map((place) => {
        const { agent, name } = description.names[place]!
        return { agent, name }
      }),
      definitions: definitions.map((place) => description.definitions[place]!),
    }
  })
}

const HEAD = 4
const FIRST = '{"stored":"'.length
const SECOND = FIRST + '1970-01-01T00:00:00.000Z","timestamp":"'.length
/** Where a statement's own members begin. */
const TIMES = {
  stored: stamp({ text: '{', needsTimestamp: false }, 0).length,
  both: stamp({ text: '{', needsTimestamp: true }, 0).length,
}

/** Puts the server's times (ISO 8601) where `stamp` had put those of the beginning. */
export function setTimes(
  text: Buffer,
  { needsTimestamp }: Pick<StatementRecord, 'needsTimestamp'>,
  iso: string,
): void {
  text.write(iso, FIRST, 'latin1')
  if (needsTimestamp) text.write(iso, SECOND, 'latin1')
}

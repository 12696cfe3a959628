import { open } from 'node:fs/promises'
import type { StatementRecord } from '../port.ts'
import { stamp } from '../stamp.ts'
import { termKeysOf } from './operations/terms.ts'

/**
 * The file in which a batch of any length waits for the writer. The writer stands still for others while it reads it, so
 * all that can be done before is: texts are bytes as the database keeps them, with room for the times, and each key and
 * each definition stands there once for many statements. It is a row of parts; in each, first the texts, one behind the
 * other, then what they are, as JSON.
 */
export interface SpooledPart {
  /** Bytes. */
  texts: number
  description: number
}

export interface Description {
  terms: string[]
  definitions: { activity: string; text: string }[]
  statements: SpooledStatement[]
}

export interface SpooledStatement extends Omit<StatementRecord, 'text' | 'keys' | 'names' | 'definitions'> {
  /** Of its text. */
  bytes: number
  /** Places in the part's lists. */
  terms: number[]
  definitions: number[]
}

/**
 * A part ends with so many statements, or so many bytes of text, or so many letters of the rest. Longer ones save the
 * writer nothing more, and are held here for longer.
 */
const STATEMENTS = 250
const BYTES = 1_000_000
const LETTERS = 500_000

/** The parts of the file that it makes. Not synced: with the process it is worth nothing. */
export async function spool(
  groups: AsyncIterable<readonly StatementRecord[]>,
  path: string,
): Promise<{ count: number; parts: SpooledPart[] }> {
  const file = await open(path, 'wx', 0o600)
  // One buffer for all: what is written once and dropped would pile up until the next collection of garbage.
  let buffer = Buffer.allocUnsafe(256 * 1024)
  let filled = 0
  let count = 0
  let part = createPart()
  const parts: SpooledPart[] = []

  async function flush(): Promise<void> {
    for (let done = 0; done < filled; ) {
      done += (await file.write(buffer, done, filled - done)).bytesWritten
    }
    filled = 0
  }
  /** The number of bytes. */
  async function append(text: string): Promise<number> {
    const most = text.length * 3
    if (filled + most > buffer.length) await flush()
    if (most > buffer.length) buffer = Buffer.allocUnsafe(most)
    const length = buffer.write(text, filled)
    filled += length
    return length
  }
  async function endPart(): Promise<void> {
    if (part.isEmpty()) return
    parts.push({ texts: part.bytes, description: await append(JSON.stringify(part.description)) })
    part = createPart()
  }

  try {
    for await (const group of groups) {
      for (const record of group) {
        part.add(record, await append(stamp(record, 0)))
        count++
        if (part.isFull()) await endPart()
      }
    }
    await endPart()
    await flush()
  } finally {
    await file.close()
  }
  return { count, parts }
}

function createPart() {
  const description: Description = { terms: [], definitions: [], statements: [] }
  const terms = new Map<string, number>()
  /** Place of the last definition of an activity: they rarely change. */
  const defined = new Map<string, number>()
  let bytes = 0
  let letters = 0

  function placeOfTerm(key: string): number {
    const known = terms.get(key)
    if (known !== undefined) return known
    letters += key.length
    const place = description.terms.push(key) - 1
    terms.set(key, place)
    return place
  }
  function placeOfDefinition(definition: Description['definitions'][number]): number {
    const { activity, text } = definition
    const known = defined.get(activity)
    if (known !== undefined && description.definitions[known]!.text === text) return known
    letters += activity.length + text.length
    const place = description.definitions.push(definition) - 1
    defined.set(activity, place)
    return place
  }
  return {
    description,
    get bytes() {
      return bytes
    },
    isEmpty: () => description.statements.length === 0,
    isFull: () => description.statements.length >= STATEMENTS || bytes >= BYTES || letters >= LETTERS,
    add(record: StatementRecord, length: number): void {
      bytes += length
      description.statements.push({
        id: record.id,
        needsTimestamp: record.needsTimestamp,
        fingerprint: record.fingerprint,
        source: record.source,
        refersTo: record.refersTo,
        voiding: record.voiding,
        mayVoidForeign: record.mayVoidForeign,
        attachments: record.attachments,
        bytes: length,
        terms: termKeysOf(record).map(placeOfTerm),
        definitions: record.definitions.map(placeOfDefinition),
      })
    },
  }
}

const FIRST = '{"stored":"'.length
const SECOND = FIRST + '1970-01-01T00:00:00.000Z","timestamp":"'.length

/** Puts the server's times (ISO 8601) where `stamp` had put those of the beginning. */
export function setTimes(
  text: Buffer,
  { needsTimestamp }: Pick<StatementRecord, 'needsTimestamp'>,
  iso: string,
): void {
  text.write(iso, FIRST, 'latin1')
  if (needsTimestamp) text.write(iso, SECOND, 'latin1')
}

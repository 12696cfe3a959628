import { closeSync, openSync, readSync } from 'node:fs'
import { type Description, openPacked, type PackedStatement, setTimes } from '../../packed.ts'
import type { WriteOutcome } from '../../port.ts'
import type { Spooled } from '../../spool.ts'
import { rollBackWith, type WriteContext } from './context.ts'
import { internTerm, nameTerm, sourceTerm } from './terms.ts'
import { beginWriting } from './write-statements.ts'

/** Entries of so many statements are written at once. What is left at the end goes with the commit. */
const ENTERED = 250

/**
 * As writeStatements, of records that lie in a file (../../spool.ts). Others wait for it, so nothing is done twice: texts
 * stay the bytes that they are, and each key and name of a group is looked up once.
 */
export function writeSpooled(
  context: WriteContext,
  { path, groups }: Spooled & { path: string },
): WriteOutcome {
  const iso = new Date(context.stamp).toISOString()
  const buffer = Buffer.allocUnsafeSlow(Math.max(0, ...groups))
  let terms = createTerms(context, NOTHING)
  let definitions = NOTHING.definitions
  let texts: Buffer = buffer
  let at = 0
  let taken = 0
  const writing = beginWriting<PackedStatement>(context, {
    terms: (statement) => terms.of(statement),
    text(statement) {
      const text = texts.subarray(at, at + statement.bytes)
      setTimes(text, statement, iso)
      return text
    },
    definitions: (statement) => statement.definitions.map((place) => definitions[place]!),
  })
  const file = openSync(path, 'r')
  try {
    for (const length of groups) {
      const opened = openPacked(read(file, buffer.subarray(0, length)))
      terms = createTerms(context, opened.description)
      definitions = opened.description.definitions
      texts = opened.texts
      at = 0
      for (const statement of opened.description.statements) {
        const refusal = writing.take(statement)
        if (refusal) return rollBackWith({ ok: false, refusal })
        at += statement.bytes
      }
      taken += opened.description.statements.length
      if (taken < ENTERED) continue
      context.arrivals.write(context.db, context.stamp)
      taken = 0
    }
  } finally {
    closeSync(file)
  }
  return writing.end()
}

const NOTHING: Description = { keys: [], names: [], definitions: [], statements: [] }

/** The numbers of what a group's statements are entered under, each asked for when it is needed first. */
function createTerms(context: WriteContext, { keys, names }: Description) {
  const ofKey = once((place) => internTerm(context, keys[place]!))
  const ofName = once((place) => {
    const { agent, source, name } = names[place]!
    return internTerm(context, nameTerm(agent, source, name))
  })
  return {
    of: (statement: PackedStatement): number[] => [
      ...statement.keys.map(ofKey),
      ...statement.names.map(ofName),
      internTerm(context, sourceTerm(statement.source)),
    ],
  }
}

function once(find: (place: number) => number): (place: number) => number {
  const found: number[] = []
  return (place) => {
    const known = found[place]
    if (known !== undefined) return known
    const number = find(place)
    found[place] = number
    return number
  }
}

function read(file: number, into: Buffer): Buffer {
  for (let done = 0; done < into.length; ) {
    const more = readSync(file, into, done, into.length - done, null)
    if (more === 0) throw new Error('A spooled batch is not whole')
    done += more
  }
  return into
}

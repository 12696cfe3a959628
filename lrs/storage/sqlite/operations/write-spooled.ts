import { closeSync, openSync, readSync } from 'node:fs'
import type { StatementRecord, WriteOutcome } from '../../port.ts'
import { type Description, type SpooledPart, type SpooledStatement, setTimes } from '../spool.ts'
import { rollBackWith, type WriteContext } from './context.ts'
import { internTerm } from './terms.ts'
import { beginWriting } from './write-statements.ts'

/** As writeStatements, of records that lie in a file (../spool.ts). */
export function writeSpooled(
  context: WriteContext,
  { path, parts }: { path: string; count: number; parts: readonly SpooledPart[] },
): WriteOutcome {
  const iso = new Date(context.stamp).toISOString()
  const texts = Buffer.allocUnsafe(Math.max(0, ...parts.map((part) => part.texts)))
  let at = 0
  let terms: (string | number)[] = []
  let definitions: StatementRecord['definitions'] = []
  const writing = beginWriting<SpooledStatement>(context, {
    terms(record) {
      return record.terms.map((i) => {
        const known = terms[i]!
        if (typeof known === 'number') return known
        const number = internTerm(context, known)
        terms[i] = number
        return number
      })
    },
    text(record) {
      const text = texts.subarray(at, at + record.bytes)
      setTimes(text, record, iso)
      return text
    },
    definitions: (record) => record.definitions.map((i) => definitions[i]!),
  })
  const file = openSync(path, 'r')
  try {
    for (const part of parts) {
      read(file, texts, part.texts)
      at = 0
      const described: Description = JSON.parse(
        read(file, Buffer.allocUnsafe(part.description), part.description).toString(),
      )
      ;({ terms, definitions } = described)
      for (const statement of described.statements) {
        const refusal = writing.take(statement)
        if (refusal) return rollBackWith({ ok: false, refusal })
        at += statement.bytes
      }
      context.arrivals.write(context.db, context.stamp)
    }
  } finally {
    closeSync(file)
  }
  return writing.end()
}

function read(file: number, into: Buffer, length: number): Buffer {
  for (let done = 0; done < length; ) {
    const more = readSync(file, into, done, length - done, null)
    if (more === 0) throw new Error('A spooled batch is not whole')
    done += more
  }
  return into
}

import { closeSync, openSync, readSync } from 'node:fs'
import type { StatementRecord, WriteOutcome } from '../../port.ts'
import type { WriteContext } from './context.ts'
import { writeStatements } from './write-statements.ts'

const READ_AT_ONCE = 256 * 1024
const NEWLINE = 10

/** As writeStatements, of records that lie in a file, one a line; `count` of them, or it is not whole. */
export function writeSpooled(
  context: WriteContext,
  { path, count }: { path: string; count: number },
): WriteOutcome {
  let read = 0
  function* counted() {
    for (const line of linesOf(path)) {
      read++
      yield JSON.parse(line) as StatementRecord
    }
  }
  const outcome = writeStatements(context, counted())
  if (outcome.ok && read !== count) throw new Error(`Of ${count} spooled statements ${read} are there`)
  return outcome
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  try {
    const block = Buffer.allocUnsafe(READ_AT_ONCE)
    let begun: Buffer[] = []
    for (;;) {
      const length = readSync(file, block)
      if (length === 0) break
      let from = 0
      for (let at = block.indexOf(NEWLINE); at !== -1 && at < length; at = block.indexOf(NEWLINE, from)) {
        const end = block.subarray(from, at)
        yield (begun.length === 0 ? end : Buffer.concat([...begun, end])).toString()
        begun = []
        from = at + 1
      }
      if (from < length) begun.push(Buffer.from(block.subarray(from, length)))
    }
  } finally {
    closeSync(file)
  }
}

import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { StatementRecord, WriteOutcome } from '../port.ts'
import type { TenantParts } from './tenant.ts'
import type { Writer } from './write.ts'

/**
 * Writes of any length: records are kept in a file while they come in, so that the transaction does not wait for who sends
 * them, and read from there into it in parts. One of a tenant is written at a time.
 */
export function createSpooledWrite(
  { spool }: TenantParts,
  { writeParts }: Writer,
): (groups: AsyncIterable<readonly StatementRecord[]>) => Promise<WriteOutcome> {
  let last: Promise<unknown> = Promise.resolve()

  return async (groups) => {
    const path = join(spool, randomUUID())
    try {
      await mkdir(spool, { recursive: true, mode: 0o700 })
      let count = 0
      // JSON keeps every string as it is, half characters too, and has no line ends.
      const lines = Readable.from(
        (async function* () {
          for await (const group of groups) {
            count += group.length
            if (group.length > 0) yield `${JSON.stringify(group)}\n`
          }
        })(),
      )
      await pipeline(lines, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      const turn = last.then(() => writeParts(() => readParts(path), count))
      last = turn.catch(() => {})
      return await turn
    } finally {
      await rm(path, { force: true }).catch(() => {})
    }
  }
}

/** At least so many statements at once: each part is asked and told of in a few calls. */
const PART = 500

async function* readParts(path: string): AsyncGenerator<StatementRecord[]> {
  let part: StatementRecord[] = []
  for await (const line of readLines(path)) {
    part.push(...(JSON.parse(line) as StatementRecord[]))
    if (part.length < PART) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

/** Node's own reader of lines ends them at U+2028 too, which stands in JSON as it is. */
async function* readLines(path: string): AsyncGenerator<string> {
  let begun: Buffer[] = []
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...begun, chunk.subarray(from, end)]).toString()
      begun = []
      from = end + 1
    }
    begun.push(chunk.subarray(from))
  }
}

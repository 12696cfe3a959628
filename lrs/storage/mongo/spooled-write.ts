import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type PackedRecords, unpack } from '../packed.ts'
import type { StatementRecord, WriteOutcome } from '../port.ts'
import { type Spooled, spool } from '../spool.ts'
import type { TenantParts } from './tenant.ts'
import type { Writer } from './write.ts'

/**
 * Writes of any length: records are kept in a file while they come in, so that the transaction does not wait for who sends
 * them, and read from there into it in parts. One of a tenant is written at a time.
 */
export function createSpooledWrite(
  { spool: folder }: TenantParts,
  { writeParts }: Writer,
): (stream: AsyncIterable<PackedRecords>) => Promise<WriteOutcome> {
  let last: Promise<unknown> = Promise.resolve()

  return async (stream) => {
    const path = join(folder, randomUUID())
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const spooled = await spool(stream, path)
      const turn = last.then(() => writeParts(() => readParts(path, spooled), spooled.count))
      last = turn.catch(() => {})
      return await turn
    } finally {
      await rm(path, { force: true }).catch(() => {})
    }
  }
}

/** At least so many statements at once: each part is asked and told of in a few calls. */
const PART = 500

async function* readParts(path: string, { groups }: Spooled): AsyncGenerator<StatementRecord[]> {
  const buffer = Buffer.allocUnsafeSlow(Math.max(0, ...groups))
  const file = await open(path)
  try {
    let part: StatementRecord[] = []
    for (const length of groups) {
      for (let done = 0; done < length; ) {
        const { bytesRead } = await file.read(buffer, done, length - done)
        if (bytesRead === 0) throw new Error('A spooled batch is not whole')
        done += bytesRead
      }
      part.push(...unpack(buffer.subarray(0, length)))
      if (part.length < PART) continue
      yield part
      part = []
    }
    if (part.length > 0) yield part
  } finally {
    await file.close()
  }
}

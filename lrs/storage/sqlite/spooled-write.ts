import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type StatementRecord, StorageUnavailable, type WriteOutcome } from '../port.ts'
import { isOutage } from './connection.ts'
import type { Database } from './database.ts'

export type SpooledWrite = (groups: AsyncIterable<readonly StatementRecord[]>) => Promise<WriteOutcome>

/**
 * Writes of any length: records are kept in a file, one a line, while they come in, and read from there by the writer's
 * thread within one transaction, so that neither thread ever holds them all. Any number are taken in at once, but one of
 * a tenant waits for the writer at a time: what others write goes in between.
 */
export function createSpooledWrite(database: Database, folder: string): SpooledWrite {
  // What an ended process left here was never acknowledged.
  const emptied = rm(folder, { recursive: true, force: true }).catch(() => {})
  let last: Promise<unknown> = Promise.resolve()

  return async (groups) => {
    await emptied
    const path = join(folder, randomUUID())
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const count = await spool(groups, path)
      const turn = last.then(() => database.write('statements.writeSpooled', { path, count }))
      last = turn.catch(() => {})
      return await turn
    } catch (error) {
      throw isOutage(error) ? new StorageUnavailable((error as Error).message) : error
    } finally {
      await rm(path, { force: true }).catch(() => {})
    }
  }
}

/** The number of records. Not synced: with the process it is worth nothing. */
async function spool(groups: AsyncIterable<readonly StatementRecord[]>, path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  // One buffer for all: what is written once and dropped would pile up until the next collection of garbage.
  let buffer = Buffer.allocUnsafe(256 * 1024)
  let filled = 0
  let count = 0
  async function flush(): Promise<void> {
    for (let done = 0; done < filled; ) {
      done += (await file.write(buffer, done, filled - done)).bytesWritten
    }
    filled = 0
  }
  try {
    for await (const group of groups) {
      for (const record of group) {
        const line = `${JSON.stringify(record)}\n`
        const most = line.length * 3
        if (filled + most > buffer.length) await flush()
        if (most > buffer.length) buffer = Buffer.allocUnsafe(most)
        filled += buffer.write(line, filled)
        count++
      }
    }
    await flush()
  } finally {
    await file.close()
  }
  return count
}

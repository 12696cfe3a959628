import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackedRecords } from '../packed.ts'
import { StorageUnavailable, type WriteOutcome } from '../port.ts'
import { spool } from '../spool.ts'
import { isOutage } from './connection.ts'
import type { Database } from './database.ts'

export type SpooledWrite = (stream: AsyncIterable<PackedRecords>) => Promise<WriteOutcome>

/**
 * Writes of any length: records are kept in a file while they come in, and read from there by the writer's thread within
 * one transaction, so that neither thread ever holds them all. Any number are taken in at once, but one of
 * a tenant waits for the writer at a time: what others write goes in between.
 */
export function createSpooledWrite(database: Database, folder: string): SpooledWrite {
  // What an ended process left here was never acknowledged.
  const emptied = rm(folder, { recursive: true, force: true }).catch(() => {})
  let last: Promise<unknown> = Promise.resolve()

  return async (stream) => {
    await emptied
    const path = join(folder, randomUUID())
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const spooled = await spool(stream, path)
      const turn = last.then(() => database.write('statements.writeSpooled', { path, ...spooled }))
      last = turn.catch(() => {})
      return await turn
    } catch (error) {
      throw isOutage(error) ? new StorageUnavailable((error as Error).message) : error
    } finally {
      await rm(path, { force: true }).catch(() => {})
    }
  }
}

import { keepInFiles } from '../hold-in-files.ts'
import type { BackupOptions, BackupOutcome } from '../port.ts'
import type { Connection } from './connect.ts'
import { holdingsOf, MomentForgotten } from './holdings/holdings.ts'

/** One at a time of this process. See Storage.backup. */
export function createBackup(connection: Connection) {
  let running: AbortController | null = null
  let ended: Promise<unknown> = Promise.resolve()

  async function make(folder: string, options: BackupOptions): Promise<BackupOutcome> {
    const holdings = await holdingsOf(connection, false)
    try {
      return await keepInFiles(holdings, folder, options)
    } finally {
      await holdings.close()
    }
  }

  return {
    async backup(folder: string, options: BackupOptions = {}): Promise<BackupOutcome> {
      if (running) return { ok: false, refusal: 'running' }
      const stop = new AbortController()
      running = stop
      const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
      const making = make(folder, { ...options, signal })
      ended = making.catch(() => {})
      try {
        return await making
      } catch (error) {
        if (error instanceof MomentForgotten) return { ok: false, refusal: 'moment' }
        throw error
      } finally {
        running = null
      }
    },
    /** Stops what is under way. */
    async end(reason: Error): Promise<void> {
      running?.abort(reason)
      await ended
    },
  }
}

import type { TenantStorage } from '../lrs/storage/port.ts'
import type { Log } from './observability/log.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Work that nobody waits for: once a day the attachments that nothing holds any more are removed. */
export function startJobs(storage: Pick<TenantStorage, 'blobs'>, log: Log): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const collect = () => {
    running = running.then(async () => {
      try {
        const removed = await storage.blobs.collect(Date.now() - DAY)
        log.info({ removed }, 'attachments collected')
      } catch (error) {
        log.error({ err: error }, 'attachments not collected; tried again tomorrow')
      }
    })
  }
  // A server that is restarted every day collects too.
  const first = setTimeout(collect, 10 * MINUTE).unref()
  const daily = setInterval(collect, DAY).unref()
  return {
    async stop() {
      clearTimeout(first)
      clearInterval(daily)
      await running
    },
  }
}

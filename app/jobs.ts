import { sealAudit } from '../lrs/index.ts'
import type { Log } from './observability/log.ts'
import type { Services } from './services.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/**
 * Work that nobody waits for: once a day the attachments that nothing holds any more are removed, and every ten minutes
 * the audit is sealed. The log tells each seal: kept elsewhere, it shows also that a whole chain was written anew.
 */
export function startJobs(
  { tenantStorage, tenant, audit }: Pick<Services, 'tenantStorage' | 'tenant' | 'audit'>,
  log: Log,
): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const queue = (job: () => Promise<void>, failed: string) => () => {
    running = running.then(job).catch((error: unknown) => log.error({ err: error }, failed))
  }
  const collect = queue(async () => {
    const removed = await tenantStorage.blobs.collect(Date.now() - DAY)
    log.info({ removed }, 'attachments collected')
  }, 'attachments not collected; tried again tomorrow')
  const told = new Map<number, number>()
  const seal = queue(async () => {
    for (const [place, store] of audit.stores.entries()) {
      const newest = await sealAudit(store, tenant)
      if (!newest || told.get(place) === newest.number) continue
      told.set(place, newest.number)
      log.info({ audit: place, seal: newest.number, hash: newest.hash }, 'audit sealed')
    }
  }, 'audit not sealed; tried again in ten minutes')
  // A server that is restarted every day collects too.
  const first = setTimeout(collect, 10 * MINUTE).unref()
  const clocks = [setInterval(collect, DAY).unref(), setInterval(seal, 10 * MINUTE).unref()]
  return {
    async stop() {
      clearTimeout(first)
      for (const clock of clocks) clearInterval(clock)
      await running
    },
  }
}

import type { Host } from '../h5p/index.ts'
import { createLease, sealAudit } from '../lrs/index.ts'
import type { Log } from './observability/log.ts'
import type { Services } from './services.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/**
 * Work that nobody waits for: once a day the attachments that nothing holds any more are removed, and every ten minutes
 * the audit is sealed. The log tells each seal: kept elsewhere, it shows also that a whole chain was written anew.
 *
 * Where processes share the store one of them collects, and finishes what others that died have left half done. All seal:
 * each seal is inserted under its number, once, and a process learns by it what time its own entries may not go back to.
 */
export function startJobs(
  {
    storage,
    tenantStorage,
    tenant,
    audit,
    profiles,
    diary,
    confirmations,
    classes,
    certificates,
    evidence,
    disputes,
    archives,
    host,
  }: Pick<
    Services,
    | 'storage'
    | 'tenantStorage'
    | 'tenant'
    | 'audit'
    | 'profiles'
    | 'diary'
    | 'confirmations'
    | 'classes'
    | 'certificates'
    | 'evidence'
    | 'disputes'
    | 'archives'
  > & { host: Host },
  log: Log,
): { stop(): Promise<void> } {
  const upkeep = storage.shared ? createLease(storage.system, 'upkeep') : null
  const isOurs = () => upkeep === null || upkeep.held()
  let running = Promise.resolve()
  const queue = (job: () => Promise<void>, failed: string) => () => {
    running = running.then(job).catch((error: unknown) => log.error({ err: error }, failed))
  }
  const collect = queue(async () => {
    if (!isOurs()) return
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
  const resume = queue(async () => {
    if (!isOurs()) return
    const finished = await profiles.resume(true)
    if (finished > 0) log.info({ finished }, 'changes of links that were cut short taken up')
  }, 'changes of links that were cut short not finished; tried again in a minute')
  // Where there is much it takes long, so nothing queues behind it.
  const stopping = new AbortController()
  let bringing: Promise<void> | null = null
  const bringToShape = () => {
    if (!isOurs() || bringing) return
    bringing = profiles
      .bringToShape(() => stopping.signal.throwIfAborted())
      .then((statements) => {
        if (statements !== null) log.info({ statements }, 'records of an earlier version made anew')
      })
      .catch((err: unknown) => {
        if (!stopping.signal.aborted)
          log.error({ err }, 'records of an earlier version not made anew; tried again in a minute')
      })
      .finally(() => {
        bringing = null
      })
  }
  bringToShape()
  const retell = queue(async () => {
    const lines = await profiles.retell()
    if (lines > 0) log.info({ lines }, 'lines of records told anew by the mapping tables')
  }, 'lines of records not told anew; tried again in a minute')
  retell()
  const tellDiary = queue(async () => {
    const entries = await diary.resume()
    if (entries > 0) log.info({ entries }, 'diary entries told that an outage had kept back')
  }, 'diary entries not told; tried again in a minute')
  const tellCertificates = queue(async () => {
    const told = await certificates.resume()
    if (told > 0) log.info({ told }, 'certificates told that an outage had kept back')
  }, 'certificates not told; tried again in a minute')
  const tellConfirmations = queue(async () => {
    const told = await confirmations.resume()
    if (told > 0) log.info({ told }, 'confirmations told that an outage had kept back')
  }, 'confirmations not told; tried again in a minute')
  const tellClasses = queue(async () => {
    const told = await classes.resume()
    if (told > 0) log.info({ told }, 'attendances told that an outage had kept back')
  }, 'attendances not told; tried again in a minute')
  const fillDirectory = queue(async () => {
    const entered = await profiles.fillDirectory()
    if (entered > 0) log.info({ entered }, 'people entered, to be found by name')
  }, 'people not entered into the directory; tried again in a minute')
  fillDirectory()
  const tellDisputes = queue(async () => {
    const answers = await disputes.resume()
    if (answers > 0) log.info({ answers }, 'answers told the record store that an outage had kept back')
  }, 'answers to disputes not told; tried again in a minute')
  const tendArchives = queue(async () => {
    await archives.resume()
  }, 'archives of people not tended; tried again in a minute')
  const tendEvidence = queue(async () => {
    await evidence.resume()
  }, 'files of people not tended; tried again in a minute')
  const leaveLessons = queue(async () => {
    if (!isOurs()) return
    const left = await host.leaveIdle()
    if (left > 0) log.info({ left }, 'attempts at lessons ended that were left')
  }, 'attempts at lessons that were left not ended; tried again in a minute')
  // A server that is restarted every day collects too.
  const first = setTimeout(collect, 10 * MINUTE).unref()
  const clocks = [
    setInterval(collect, DAY).unref(),
    setInterval(seal, 10 * MINUTE).unref(),
    setInterval(bringToShape, MINUTE).unref(),
    setInterval(retell, MINUTE).unref(),
    setInterval(tellDiary, MINUTE).unref(),
    setInterval(tellCertificates, MINUTE).unref(),
    setInterval(tellConfirmations, MINUTE).unref(),
    setInterval(tellClasses, MINUTE).unref(),
    setInterval(fillDirectory, MINUTE).unref(),
    setInterval(tellDisputes, MINUTE).unref(),
    setInterval(tendArchives, MINUTE).unref(),
    setInterval(tendEvidence, MINUTE).unref(),
    setInterval(leaveLessons, MINUTE).unref(),
    setInterval(resume, MINUTE).unref(),
  ]
  return {
    async stop() {
      clearTimeout(first)
      for (const clock of clocks) clearInterval(clock)
      stopping.abort()
      await bringing
      await running
      await Promise.all([upkeep?.stop(), profiles.stop()])
    },
  }
}

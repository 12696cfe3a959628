import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Express } from 'express'
import { createHost, createReportConsumer, type Host } from '../h5p/index.ts'
import {
  appendAudit,
  type ConsumerRunner,
  createAuditConsumer,
  createAuthenticate,
  createRequestLog,
  createSecretMemory,
  createXapiRouter,
  doAlone,
  type RequestLog,
  runConsumers,
  type SecretMemory,
  StorageUnavailable,
  shareRequests,
} from '../lrs/index.ts'
import { createConfirmationConsumer, drawCover } from '../profiles/index.ts'
import { createWeb } from '../web/index.ts'
import type { Config } from './config.ts'
import { noteConfiguration } from './configuration-audit.ts'
import { createMalware } from './malware.ts'
import { createMessages } from './messages.ts'
import { createHistory, type HistoryRecorder } from './observability/history.ts'
import type { Log } from './observability/log.ts'
import type { Metrics } from './observability/metrics.ts'
import { secretFor } from './secrets.ts'
import { createApp } from './server.ts'
import { OWN_RECORD, type Services } from './services.ts'
import { signInProviders } from './sign-in-providers.ts'

/** Everything that answers requests, on top of the opened store. */
export interface Product {
  app: Express
  host: Host
  consumers: ConsumerRunner
  secretMemory: SecretMemory
  history: HistoryRecorder
  /** Ends what goes on beside requests and the feed. */
  stop(): Promise<void>
  /** Puts the lessons that come with the program into a new store. */
  seed(): Promise<void>
}

/** Puts the parts together. `services.publicUrl()` must be known by now. */
export async function buildProduct(
  services: Services,
  config: Config,
  log: Log,
  metrics: Metrics,
): Promise<Product> {
  const { storage, tenantStorage, tenant, sources, product, lrs, profiles } = services
  const { collections, statements, blobs } = tenantStorage
  const publicUrl = services.publicUrl()
  const report = (error: unknown, requestId: string) =>
    log.error({ request: requestId, err: error }, 'failed')

  await profiles.resume(storage.shared)
  const { diary, confirmations, classes, certificates, disputes } = services
  for (const part of [diary, confirmations, classes, certificates, disputes])
    await part.resume().catch((error: unknown) => {
      // What cannot be told keeps nobody from what can; the jobs try it again.
      if (error instanceof StorageUnavailable) throw error
      log.error({ err: error }, 'what waited not told; tried again in a minute')
    })
  await noteConfiguration(storage, tenant, config)
  const consumers = runConsumers(
    tenantStorage,
    [
      profiles.consumer,
      profiles.claimConsumer,
      createConfirmationConsumer(services.confirmations, services.classes),
      profiles.correctionConsumer,
      createReportConsumer({ collections, statements, source: product.id }),
      createAuditConsumer({ tenant, collections, statements }),
    ],
    { shared: storage.shared },
  )
  const malware = createMalware(config, log)
  const host = await createHost({
    collections,
    blobs,
    lrs,
    caller: await sources.callerOf(product.id, 'h5p', ['statements/write', 'define']),
    publicUrl,
    playerUrl: config.playerUrl,
    accountHomePage: services.accountHomePage,
    topics: profiles.mapping.topics,
    drawCover,
    audit: (note) => appendAudit({ tenant, ...note }),
    onRefused: metrics.lessonRefused,
    limits: config.lessonLimits,
    ...(malware && { scan: malware.scan }),
  })

  const uploadDir = join(services.folder, 'uploads')
  // What a killed server was receiving is of no use to anybody.
  await rm(uploadDir, { recursive: true, force: true })
  await mkdir(uploadDir, { recursive: true, mode: 0o700 })
  const ownRequests = createRequestLog()
  const shared = storage.shared ? shareRequests(ownRequests, storage.system) : null
  const requests: RequestLog = shared ?? ownRequests
  const history = await createHistory(storage.system, {
    report: (error) => log.error({ err: error }, 'history not kept; tried again in a minute'),
  })
  storage.onCommit(history.committed)
  services.onStored = history.stored
  const officer = await sources.callerOf(product.id, 'web', ['all/read'])
  const { messages, outbox } = createMessages(config, log)
  const web = createWeb({
    publicUrl,
    playerUrl: config.playerUrl,
    tenantName: config.tenantName,
    development: config.development,
    sessionSecret: await secretFor(storage.system, 'session'),
    collections,
    uploadDir,
    maxPackageBytes: config.lessonLimits.packageBytes,
    accounts: profiles.accounts,
    identifiers: profiles.identifiers,
    recovery: profiles.recovery,
    messages,
    malware,
    outbox,
    secondFactors: profiles.secondFactors,
    passkeys: profiles.passkeys,
    providers: signInProviders(config, log),
    providerTies: profiles.providerTies,
    secondStepForOperators: config.secondStep === 'operators',
    links: profiles.links,
    claims: profiles.claims,
    merges: profiles.merges,
    consents: profiles.consents,
    transcript: profiles.transcript,
    twins: profiles.twins,
    shares: profiles.shares,
    hidden: profiles.hidden,
    disputes: services.disputes,
    organisations: profiles.organisations,
    memberships: profiles.memberships,
    invitations: profiles.invitations,
    mapping: profiles.mapping,
    diary: services.diary,
    accesses: profiles.accesses,
    directory: profiles.directory,
    confirmations: services.confirmations,
    classes: services.classes,
    certificates: services.certificates,
    evidence: services.evidence,
    archives: services.archives,
    host,
    lrs,
    ownReader: await sources.callerOf(product.id, OWN_RECORD, ['all/read']),
    readerFor: (person) => ({ ...officer, person }),
    sources,
    requests,
    audit: services.audit.read,
    auditNote: (note) => appendAudit({ tenant, ...note }),
    consumers: () => consumers.states(),
    rebuilding: profiles.rebuilding,
    history,
    report,
  })
  const secretMemory = createSecretMemory()
  const noted: RequestLog = {
    ...requests,
    note(request) {
      requests.note(request)
      history.requestNoted(request)
    },
  }
  const xapi = createXapiRouter({
    storage,
    authenticate: createAuthenticate(storage.system, secretMemory),
    // Where no records are kept nobody agreed to one.
    mayShowOf: (of) => (of === tenant ? profiles.mayShow : async () => new Map()),
    requestLogOf: (of) => (of === tenant ? noted : undefined),
    onForeignRead(read) {
      services.foreignReads.note(read)
      const { caller, told } = read
      if (caller.tenant !== tenant || !told) return
      const note = async () =>
        profiles.accesses.noteQuery({ credential: caller.credential, source: caller.source }, await told())
      // What was answered is not held back by it; the audit tells of it in any case.
      note().catch((error: unknown) => report(error, 'who looked'))
    },
    onError: report,
  })
  // One place observes; the metrics and the history hear of it.
  const watch: Metrics = {
    ...metrics,
    requestEnded(request) {
      metrics.requestEnded(request)
      history.requestEnded(request)
    },
  }
  const player =
    config.playerUrl !== null && host.frameRouter
      ? { origin: config.playerUrl, frames: host.frameRouter }
      : null
  const routers = { xapi, h5p: host.router, web, player }
  const app = createApp(routers, log, watch, { trustProxy: config.trustProxy })
  const seed = () =>
    // Two that put the same lesson in at once would be in each other's way.
    doAlone(storage, 'lessons', host.seed).catch((err: unknown) =>
      log.error({ err }, 'lessons not put into the store; tried again at the next start'),
    )
  const stop = async () => {
    await Promise.all([history.stop(), shared?.stop(), messages.ended(), host.stop()])
  }
  return { app, host, consumers, secretMemory, history, stop, seed }
}

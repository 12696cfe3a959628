import { join } from 'node:path'
import { doAlone } from '../lrs/index.ts'
import { announce } from './announce.ts'
import { executeCommand } from './cli/execute.ts'
import { type CommandServer, serveCommands, socketPath } from './cli/socket.ts'
import type { Config } from './config.ts'
import { firstStartTold, hasOperator, prepareFirstStart } from './first-start.ts'
import { startJobs } from './jobs.ts'
import { folderSize } from './observability/folder-size.ts'
import { createHealth } from './observability/health.ts'
import { createInternalServer } from './observability/internal.ts'
import type { Log, ServerLog } from './observability/log.ts'
import { createMetrics } from './observability/metrics.ts'
import { readingsOf } from './observability/readings.ts'
import { tryToWrite } from './observability/try-to-write.ts'
import { storeName } from './open-store.ts'
import { createHttpServer, drain, listen } from './server.ts'
import { openServices, type Services } from './services.ts'
import { runSteps } from './stop.ts'

/**
 * What was accepted is finished within this time after a stop was asked for, and the whole stop within the other:
 * container runtimes kill after ten seconds.
 */
const GRACE_MS = 7_500
const STOP_MS = 9_000
/** Longer than a proxy takes to ask whether requests are to be sent here (deploy/Caddyfile): 1 s. */
const PROXY_NOTICES_MS = 2_000
/** What a consumer of the feed has under way is done again at the next start: the store is closed without it. */
const CONSUMERS_MS = 750

export interface Running {
  url: string
  /** Where health and metrics are asked for. */
  internalUrl: string
  /**
   * Accepts nothing more, finishes and commits what was accepted, and closes everything, all within ten seconds.
   * `clean`: nothing failed. `cutOff`: something was still running when the time was over.
   */
  stop(): Promise<{ clean: boolean; cutOff: boolean }>
}

const INTERNAL_NAMES = { port: 'INTERNAL_PORT', host: 'INTERNAL_HOST' }

/**
 * Starts the whole product: opens the store, listens, puts the parts together, and says where it is. A value says
 * in words why it cannot start. `say` gets what the person at the terminal reads.
 */
export async function start(
  config: Config,
  options: { demo: boolean; serverLog: ServerLog; say: (text: string) => void },
): Promise<{ ok: true; running: Running } | { ok: false; message: string }> {
  const { serverLog } = options
  const { log } = serverLog
  const metrics = createMetrics()
  const health = createHealth()
  const internal = createInternalServer(health, metrics)
  const closeInternal = async () => {
    metrics.stop()
    await drain(internal, 0)
  }
  let url = config.publicUrl ?? ''
  let internalUrl = ''
  // The parts are read from disk while the store's threads start.
  const parts = import('./product.ts')
  const opened = await openServices(config, {
    publicUrl: () => url,
    async taken() {
      const listening = await listen(internal, config.internalPort, config.internalHost, INTERNAL_NAMES)
      if (listening.ok) internalUrl = `http://${bracketed(config.internalHost)}:${listening.port}`
      return listening.ok ? null : listening.message
    },
  })
  if (!opened.ok) {
    await closeInternal()
    return opened
  }
  const { services } = opened
  const close = async () => {
    await services.close()
    await closeInternal()
  }

  const notEmpty = options.demo ? await (await import('./demo.ts')).whyNotEmpty(services) : null
  if (notEmpty !== null) {
    await close()
    return { ok: false, message: notEmpty }
  }

  // The address is known only once it listens (PORT=0), and the parts need it; until they are there, come again.
  let answer: Parameters<typeof createHttpServer>[0] = (_req, res) => {
    res.writeHead(503, { 'Retry-After': '1' }).end()
  }
  const server = createHttpServer((req, res) => answer(req, res))
  const listening = await listen(server, config.port, config.host)
  if (!listening.ok) {
    await close()
    return listening
  }
  url ||= `http://localhost:${listening.port}`

  const product = await (await parts).buildProduct(services, config, log, metrics)
  services.storage.onCommit(metrics.committed)
  const { storage, tenantStorage, folder } = services
  const { consumers, secretMemory, history } = product
  const readings = readingsOf({
    health,
    storage,
    feed: tenantStorage.feed,
    consumers,
    secretMemory,
    serverLog,
    folders: storage.shared ? { temporary: folder } : { data: folder, blobs: join(folder, 'blobs') },
  })
  metrics.readFrom(readings)
  history.readFrom(readings, async () => (storage.shared ? 0 : folderSize(join(folder, 'blobs'))))
  health.tryWith(() => tryToWrite(services))
  let seeded = Promise.resolve()
  const commands = await takeCommands(services, log)
  const jobs = startJobs({ ...services, host: product.host }, log)

  const running: Running = {
    url,
    internalUrl,
    async stop() {
      health.enter('stopping')
      log.info('stopping')
      const finishRequests = async () => {
        const idleMs = config.trustProxy > 0 ? PROXY_NOTICES_MS : 0
        if (!(await drain(server, GRACE_MS, idleMs)))
          log.warn('requests were cut off: they took too long to finish')
      }
      const { errors, leftBehind } = await runSteps(
        [
          { name: 'requests', run: () => Promise.all([finishRequests(), commands?.close(GRACE_MS)]) },
          { name: 'jobs', run: () => Promise.all([jobs.stop(), seeded]) },
          { name: 'consumers', run: () => consumers.stop(), atMost: CONSUMERS_MS },
          { name: 'history', run: () => product.stop() },
          { name: 'store', run: close },
        ],
        STOP_MS,
      )
      for (const { step, error } of errors) log.error({ err: error, step }, 'not stopped well')
      if (leftBehind.length > 0)
        log.warn({ steps: leftBehind }, 'not all ended in time; what was acknowledged is stored')
      log.info('stopped')
      return { clean: errors.length === 0, cutOff: leftBehind.length > 0 }
    },
  }

  if (options.demo) await product.seed()
  const sample = options.demo ? await (await import('./demo.ts')).fillWithSample(services, product) : []
  // Of processes that start together for the first time one makes the credential and the link, and tells of them.
  await doAlone(storage, 'start', async () => {
    const first = await prepareFirstStart(services, config, log)
    // Not before: who sees it answer may come with the credential of the environment at once.
    answer = product.app
    health.enter('serving')
    options.say(
      announce({
        url,
        internalUrl: config.internalPort === 0 ? internalUrl : null,
        data: storeName(config),
        first,
        needsOperator: first === null && !(await hasOperator(services)),
        sample,
      }),
    )
    await firstStartTold(services)
  })
  // Nobody waits for the lessons at the very first start: they are there a moment later.
  seeded = product.seed()
  return { ok: true, running }
}

/** null where they open the store themselves: beside other processes that may, or because nobody can reach a socket. */
async function takeCommands(services: Services, log: Log): Promise<CommandServer | null> {
  if (services.storage.shared) return null
  const path = socketPath(services.folder)
  if (path !== null) return serveCommands(path, (call, how) => executeCommand(services, call, how))
  log.warn('DATA_DIR is too long a path for a socket: suotdoi commands work only while the server is stopped')
  return null
}

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

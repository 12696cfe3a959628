import { announce } from './announce.ts'
import { executeCommand } from './cli/execute.ts'
import { serveCommands, socketPath } from './cli/socket.ts'
import type { Config } from './config.ts'
import { firstStartTold, hasOperator, prepareFirstStart } from './first-start.ts'
import { startJobs } from './jobs.ts'
import { createLog } from './observability/log.ts'
import { createHttpServer, drain, listen } from './server.ts'
import { openServices } from './services.ts'

/** What was accepted is finished within this time after a stop was asked for; container runtimes kill after ten seconds. */
const GRACE_MS = 8_000

export interface Running {
  url: string
  /** Finishes what was accepted, then closes everything. */
  stop(): Promise<void>
}

/**
 * Starts the whole product: takes the data folder, listens, puts the parts together, and says where it is. A value says
 * in words why it cannot start. `say` gets what the person at the terminal reads.
 */
export async function start(
  config: Config,
  options: { demo: boolean; say: (text: string) => void },
): Promise<{ ok: true; running: Running } | { ok: false; message: string }> {
  const log = createLog(config.logLevel)
  let url = config.publicUrl ?? ''
  // The parts are read from disk while the store's threads start.
  const parts = import('./product.ts')
  const opened = await openServices(config, () => url)
  if (!opened.ok) return opened
  const { services } = opened

  const notEmpty = options.demo ? await (await import('./demo.ts')).whyNotEmpty(services) : null
  if (notEmpty !== null) {
    await services.close()
    return { ok: false, message: notEmpty }
  }

  // The address is known only once it listens (PORT=0), and the parts need it; until they are there, come again.
  let answer: Parameters<typeof createHttpServer>[0] = (_req, res) => {
    res.writeHead(503, { 'Retry-After': '1' }).end()
  }
  const server = createHttpServer((req, res) => answer(req, res))
  const listening = await listen(server, config.port, config.host)
  if (!listening.ok) {
    await services.close()
    return listening
  }
  url ||= `http://localhost:${listening.port}`

  const product = await (await parts).buildProduct(services, config, log)
  let seeded = Promise.resolve()
  const path = socketPath(config.dataDir)
  const commands = path === null ? null : await serveCommands(path, (call) => executeCommand(services, call))
  if (!commands)
    log.warn(
      'DATA_DIR is too long a path for a socket: suotdoi commands work only while the server is stopped',
    )
  const jobs = startJobs(services.tenantStorage, log)

  const running: Running = {
    url,
    async stop() {
      log.info('stopping')
      const finished = await drain(server, GRACE_MS)
      if (!finished) log.warn('requests were cut off: they took too long to finish')
      await commands?.close()
      await jobs.stop()
      await seeded
      await product.consumers.stop()
      await services.close()
      log.flush()
    },
  }

  if (options.demo) await product.seed()
  const sample = options.demo ? await (await import('./demo.ts')).fillWithSample(services, product) : []
  const first = await prepareFirstStart(services, config, log)
  // Not before: who sees it answer may come with the credential of the environment at once.
  answer = product.app
  options.say(
    announce({
      url,
      dataDir: config.dataDir,
      first,
      needsOperator: first === null && !(await hasOperator(services)),
      sample,
    }),
  )
  await firstStartTold(services)
  // Nobody waits for the lessons at the very first start: they are there a moment later.
  seeded = product.seed()
  return { ok: true, running }
}

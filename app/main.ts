import { useCompileCache } from './compile-cache.ts'

// Before anything else is loaded.
useCompileCache()

const { readConfig } = await import('./config.ts')
const { readOptions, startHelp } = await import('./options.ts')

const EXIT = { refused: 1, typedWrongly: 2, crashed: 70 } as const

const options = readOptions(process.argv.slice(2))
const read = readConfig(process.env)
if (!options.ok) end(EXIT.typedWrongly, options.message)
else if (options.help) console.log(startHelp())
else if (!read.ok) end(EXIT.typedWrongly, ['The configuration is not usable:', ...read.messages].join('\n  '))
else await serve(read.config, options.demo)

async function serve(config: import('./config.ts').Config, demo: boolean): Promise<void> {
  const [{ openServerLog }, { endWithoutThreads }] = await Promise.all([
    import('./observability/log.ts'),
    import('./stop.ts'),
  ])
  const serverLog = openServerLog(config.logLevel)
  // Who is in an unknown state acknowledges nothing more: the store is well after a crash, and a supervisor starts anew.
  process.on('uncaughtException', (error) => {
    serverLog.log.fatal({ err: error }, 'crashed')
    serverLog.end()
    process.exit(EXIT.crashed)
  })
  let running: import('./start.ts').Running | null = null
  let stopping = false
  const stop = async () => {
    // Nothing was promised yet; and who asks twice does not want to wait.
    if (!running || stopping) return endWithoutThreads(running ? EXIT.refused : 0)
    stopping = true
    const { clean, cutOff } = await running.stop()
    serverLog.end()
    const code = clean ? 0 : EXIT.refused
    if (cutOff) endWithoutThreads(code)
    process.exit(code)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  const { start } = await import('./start.ts')
  try {
    const started = await start(config, { demo, serverLog, say: (text) => console.log(text) })
    if (started.ok) running = started.running
    else end(EXIT.refused, started.message)
  } catch (error) {
    const { whyNotStarted } = await import('./open-store.ts')
    const why = whyNotStarted(config, error)
    if (why === null) throw error
    end(EXIT.refused, why)
    // What was opened by then would keep it alive.
    endWithoutThreads(EXIT.refused)
  }
}

function end(code: number, message: string): void {
  console.error(message)
  process.exitCode = code
}

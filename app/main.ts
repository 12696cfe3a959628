import { useCompileCache } from './compile-cache.ts'

// Before anything else is loaded.
useCompileCache()

const { readConfig } = await import('./config.ts')
const { readOptions, startHelp } = await import('./options.ts')

const EXIT = { refused: 1, typedWrongly: 2 } as const

const options = readOptions(process.argv.slice(2))
const read = readConfig(process.env)
if (!options.ok) end(EXIT.typedWrongly, options.message)
else if (options.help) console.log(startHelp())
else if (!read.ok) end(EXIT.typedWrongly, ['The configuration is not usable:', ...read.messages].join('\n  '))
else await serve(read.config, options.demo)

async function serve(config: import('./config.ts').Config, demo: boolean): Promise<void> {
  const { start } = await import('./start.ts')
  const started = await start(config, { demo, say: (text) => console.log(text) })
  if (!started.ok) return end(EXIT.refused, started.message)

  let stopping = false
  const stop = async () => {
    // Who asks twice does not want to wait.
    if (stopping) process.exit(EXIT.refused)
    stopping = true
    await started.running.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function end(code: number, message: string): void {
  console.error(message)
  process.exitCode = code
}

import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Figure } from './bench.ts'
import { benchmarks } from './benchmarks/index.ts'
import { describeMachine, machineLines, whyVoid } from './machine.ts'
import { openBench } from './open-bench.ts'
import { benchHelp, readBenchOptions } from './options.ts'
import { figureTable } from './report.ts'

const EXIT = { met: 0, notMet: 1, notMeasured: 2 } as const

const names = benchmarks.map(({ name }) => name)
const read = readBenchOptions(process.argv.slice(2), names)
process.exitCode = await main()

async function main(): Promise<number> {
  if (!read.ok) return refuse(read.message)
  const { options } = read
  if (options.help) {
    console.log(benchHelp(names))
    return EXIT.met
  }
  const folder = options.folder ?? tmpdir()
  mkdirSync(folder, { recursive: true })
  const why = whyVoid(folder)
  if (why !== null) return refuse(why)

  const machine = machineLines(describeMachine(folder)).join('\n')
  if (options.json) console.error(machine)
  else console.log(`${machine}\n`)

  const figures: Figure[] = []
  const chosen = benchmarks.filter(
    ({ name, onDemand, store = 'sqlite' }) =>
      options.only?.includes(name) ?? (!onDemand && store === options.store),
  )
  for (const benchmark of chosen) {
    say(`${benchmark.name}: ${benchmark.title}`)
    const bench = await openBench({
      folder,
      rounds: options.rounds,
      scale: options.scale,
      store: benchmark.store ?? 'sqlite',
      say,
    })
    const stop = () => void bench.close().finally(() => process.exit(EXIT.notMeasured))
    process.once('SIGINT', stop).once('SIGTERM', stop)
    try {
      const told = await benchmark.run(bench)
      figures.push(...told)
      if (options.json) for (const figure of told) console.log(JSON.stringify(figure))
      else console.log(`${figureTable(benchmark.forTable?.(told) ?? told)}\n`)
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      await bench.close()
    }
  }
  return figures.some(({ met }) => met === false) ? EXIT.notMet : EXIT.met
}

function say(text: string): void {
  console.error(text)
}

function refuse(message: string): number {
  console.error(message)
  return EXIT.notMeasured
}

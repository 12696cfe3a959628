import { tmpdir } from 'node:os'
import { table } from './figures.ts'
import { readTortureOptions, tortureHelp } from './options.ts'
import { torture } from './torture.ts'

const read = readTortureOptions(process.argv.slice(2))
if (!read.ok) {
  console.error(read.message)
  process.exitCode = 2
} else if (read.options.help) console.log(tortureHelp())
else {
  const { store, rounds, seed, folder, json } = read.options
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  try {
    const say = json ? console.error : console.log
    const figures = await torture({ store, rounds, seed, folder: folder ?? tmpdir(), say })
    console.log(json ? JSON.stringify(figures) : `\n${table(figures)}\n\nNothing was lost.`)
  } catch (error) {
    console.error(error)
    // Who follows the feed of what is left goes on for ever.
    process.exit(1)
  }
}

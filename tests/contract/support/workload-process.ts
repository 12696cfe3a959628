// Started by the durability tests, to be killed: works until then, and prints each step that was acknowledged.
import { adapterNamed } from '../adapters.ts'
import { KINDS, runStep } from './workload.ts'

const [name, location, round] = process.argv.slice(2) as [string, string, string]
const storage = await adapterNamed(name).openAt(location)

await Promise.all(
  Array.from({ length: 8 }, async (_, lane) => {
    for (let i = 0; ; i++) {
      const kind = KINDS[(lane + i) % KINDS.length]!
      const step = `${round}-${lane}-${i}`
      await runStep(storage, kind, step)
      process.stdout.write(`${kind} ${step}\n`)
    }
  }),
)

// Started by the test of streamed writes, to be killed: its stream never comes to an end.
import { pack } from '../../../lrs/storage/packed.ts'
import { adapterNamed } from '../adapters.ts'
import { recordOf } from './records.ts'

const [name, location] = process.argv.slice(2) as [string, string]
const storage = await adapterNamed(name).openAt(location)
const { statements } = storage.tenant('killed')
await statements.count()

async function* endless() {
  for (let group = 0; group < 20; group++) {
    yield* pack(Array.from({ length: 50 }, (_, at) => recordOf(group * 50 + at)))
  }
  process.send?.('under way')
  await new Promise(() => {})
}
await statements.write(endless())

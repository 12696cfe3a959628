import { parseArgs } from 'node:util'
import { type Figure, told } from '../bench.ts'
import { figureTable } from '../report.ts'
import { medianOf, mustBe } from '../rounds.ts'
import type { Endpoint } from './http.ts'
import { startLoad } from './load.ts'
import { BATCH, getByIdWork, postBatchWork, postOneWork } from './works.ts'

/** The load of `post-one`, `post-batch` and `get-by-id` against any xAPI endpoint: bench/peers.md. */
const HELP = `node bench/load/against.ts --endpoint URL --key KEY --secret SECRET [--rounds N] [--seconds S] [--json]

  --endpoint  xAPI endpoint without a slash at the end, such as http://localhost:8080/xapi; http alone`

const { values } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    key: { type: 'string' },
    secret: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
  },
})
const { endpoint, key, secret } = values
if (!endpoint?.startsWith('http://') || !key || !secret) {
  console.error(HELP)
  process.exit(2)
}
const figures = await measure({ endpoint, credential: { key, secret } })
if (values.json) for (const figure of figures) console.log(JSON.stringify(figure))
else console.log(figureTable(figures))

async function measure(to: Endpoint): Promise<Figure[]> {
  const ms = Number(values.seconds) * 1000
  const batches = 300
  const load = startLoad()
  try {
    const rounds = []
    mustBe(200, await load.run(postOneWork(to, ms / 2)))
    for (let round = 0; round < Number(values.rounds); round++) {
      const one = mustBe(200, await load.run(postOneWork(to, ms)))
      const batch = mustBe(200, await load.run(postBatchWork(to, batches, round + 2)))
      const ids = batch.acknowledged.flatMap((answer) => answer.ids)
      const get = mustBe(200, await load.run(getByIdWork(to, ids, ms)))
      rounds.push({ one, batch, get })
    }
    return [
      told(
        'post-one',
        'statements/s',
        medianOf(rounds, ({ one }) => one.perSecond),
      ),
      told(
        'post-one/p99',
        'ms',
        medianOf(rounds, ({ one }) => one.latency.p99),
      ),
      told(
        'post-batch',
        'statements/s',
        medianOf(rounds, ({ batch }) => batch.perSecond * BATCH),
      ),
      told(
        'post-batch/p99',
        'ms/batch',
        medianOf(rounds, ({ batch }) => batch.latency.p99),
      ),
      told(
        'get-by-id',
        'requests/s',
        medianOf(rounds, ({ get }) => get.perSecond),
      ),
      told(
        'get-by-id/p99',
        'ms',
        medianOf(rounds, ({ get }) => get.latency.p99),
      ),
    ]
  } finally {
    await load.close()
  }
}

import { text } from 'node:stream/consumers'
import { atMost, type Benchmark, median, told } from '../bench.ts'
import type { Contended } from '../load/contend.ts'
import { startScript } from '../process.ts'

/** All at once, over so many clients of the store: with one they share transactions, with each its own they could meet. */
const WRITERS = 64
const CLIENTS = [1, 4, 16] as const
const ROUND_MS = 6_000
/** Of the transactions, in per cent. */
const MOST_AGAIN = 1

export const mongoConflicts: Benchmark = {
  name: 'mongo-conflicts',
  title: `${WRITERS} writers of statements about one activity, over ${CLIENTS.join(', ')} clients: how many transactions had to be run again`,
  store: 'mongo',
  async run(bench) {
    const server = await bench.mongo()
    const figures = []
    for (const clients of CLIENTS) {
      const rounds: Contended[] = []
      for (let round = 0; round < bench.rounds; round++) {
        const url = server.urlOf(`conflicts-${clients}-${round}`)
        const args = [url, String(WRITERS), String(clients), String(ROUND_MS * bench.scale)]
        const child = startScript(['bench/load/contend.ts', ...args], {})
        rounds.push(JSON.parse(await text(child.stdout!)) as Contended)
      }
      const name = `mongo-conflicts/${clients}-clients`
      figures.push(
        atMost(
          `${name}/again`,
          '% of transactions',
          median(rounds.map(({ again, transactions }) => (100 * again) / transactions)),
          MOST_AGAIN,
        ),
        told(`${name}/transactions`, 'transactions', median(rounds.map(({ transactions }) => transactions))),
        told(`${name}/rate`, 'statements/s', median(rounds.map(({ perSecond }) => perSecond))),
      )
    }
    return figures
  },
}

import { atMost, type Bench, type Benchmark, median, told } from '../bench.ts'
import { getRequest, postOne } from '../load/http.ts'
import type { Measured } from '../load/work.ts'
import type { StartedServer } from '../server.ts'
import { createStatements } from '../statements.ts'

const AT_ONCE = 1_000
/** Lines on which it is looked up afterwards whether each statement is there. */
const CHECK_CONNECTIONS = 32

export const burst: Benchmark = {
  name: 'burst',
  title: `${AT_ONCE} POSTs of 2 kB at the same moment, each on a line of its own: none refused, none lost`,
  async run(bench) {
    const server = await bench.start()
    const statements = createStatements({ seed: 4, actors: 5_000, activities: 1_600 })
    const connections = Math.ceil(AT_ONCE * bench.scale)
    const rounds: { measured: Measured; missing: number }[] = []
    for (let round = 0; round < bench.rounds; round++) {
      const requests = Array.from({ length: connections }, () => postOne(server, statements.next()))
      const measured = await bench.load.run({
        url: server.url,
        connections,
        requests,
        count: connections,
        acknowledged: true,
      })
      const missing = await missingOf(bench, server, measured)
      bench.say(`  all answered after ${Math.round(measured.seconds * 1000)} ms`)
      rounds.push({ measured, missing })
    }
    // Not the median: one that is refused in one round of many is one too many.
    const most = (value: (round: (typeof rounds)[number]) => number) => Math.max(...rounds.map(value))
    return [
      atMost(
        'burst/refused',
        'requests',
        most(({ measured }) => connections - (measured.statuses[200] ?? 0)),
        0,
      ),
      atMost(
        'burst/lost',
        'statements',
        most(({ missing }) => missing),
        0,
      ),
      told('burst/answered', 'ms', median(rounds.map(({ measured }) => measured.seconds * 1000))),
      told('burst/first-round', 'ms', rounds[0]!.measured.seconds * 1000),
    ]
  },
}

/** How many acknowledged statements are not there when asked for by their id. */
async function missingOf(bench: Bench, server: StartedServer, { acknowledged }: Measured): Promise<number> {
  const ids = acknowledged.flatMap((one) => one.ids)
  const { statuses } = await bench.load.run({
    url: server.url,
    connections: CHECK_CONNECTIONS,
    requests: ids.map((id) => getRequest(server, `/statements?statementId=${id}`)),
    count: ids.length,
  })
  return ids.length - (statuses[200] ?? 0)
}

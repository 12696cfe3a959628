import { createInterface } from 'node:readline'
import type { Document, MongoClient } from 'mongodb'
import { agentKey, DEFAULT_TENANT, statementKey } from '../../lrs/index.ts'
import { namesOf } from '../../lrs/storage/mongo/names.ts'
import type { StatementDocument } from '../../lrs/storage/mongo/schema.ts'
import { criteriaOf } from '../../lrs/storage/mongo/span.ts'
import { SHOWN } from '../../lrs/storage/mongo/stored-statement.ts'
import type { StatementQuery } from '../../lrs/storage/port.ts'
import { SOURCES } from '../data/population.ts'
import { onDatabase } from '../mongo.ts'

/**
 * The floor of what is read from MongoDB: the same finds by the bare driver, one after the other. Where a window begins
 * and ends, and what is visible, is known beforehand; nothing is joined or answered.
 *
 * `mongo-find.ts URL`: for each line on standard input, a JSON array of paths as they are asked of the product, prints one
 * JSON object (FoundByDriver).
 */
export interface FoundByDriver {
  perSecond: number
  p50: number
  p99: number
}

const names = namesOf(DEFAULT_TENANT)
type Find = () => Promise<unknown>

await onDatabase(process.argv[2]!, async (client) => {
  console.log('ready')
  for await (const line of createInterface({ input: process.stdin })) {
    const finds = await Promise.all((JSON.parse(line) as string[]).map((path) => findOf(client, path)))
    const times: number[] = []
    const begun = performance.now()
    for (const find of finds) {
      const at = performance.now()
      await find()
      times.push(performance.now() - at)
    }
    const seconds = (performance.now() - begun) / 1000
    times.sort((a, b) => a - b)
    const told: FoundByDriver = {
      perSecond: finds.length / seconds,
      p50: times[Math.floor(times.length * 0.5)]!,
      p99: times[Math.min(times.length - 1, Math.floor(times.length * 0.99))]!,
    }
    console.log(JSON.stringify(told))
  }
})

async function findOf(client: MongoClient, path: string): Promise<Find> {
  const asked = new URL(path, 'http://localhost').searchParams
  const id = asked.get('statementId')
  return id === null ? pageOf(client, asked) : byId(client, id)
}

function byId(client: MongoClient, id: string): Find {
  const known = client.db().collection<Document & { _id: string }>('id')
  const statements = client.db().collection<StatementDocument>('statement')
  return async () => {
    const { at, actor } = (await known.findOne({ _id: names.of(id) }, { projection: { at: 1, actor: 1 } }))!
    return statements.findOne({ _id: names.at(at), actor }, { projection: SHOWN })
  }
}

async function pageOf(client: MongoClient, asked: URLSearchParams): Promise<Find> {
  const ascending = asked.get('ascending') === 'true'
  const limit = Number(asked.get('limit'))
  const query: StatementQuery = {
    keys: keysOf(asked),
    // As the product's reader is one source.
    sources: [SOURCES[0]],
    ascending,
    limit,
    maxBytes: Number.MAX_SAFE_INTEGER,
  }
  const [low, high] = await Promise.all([
    lastAt(client, asked.get('since'), 0),
    lastAt(client, asked.get('until'), Number.MAX_SAFE_INTEGER),
  ])
  const { listed, hint } = criteriaOf(names, query)
  const filter = listed({ low: low + 1, high, ascending, limit })
  return () =>
    client
      .db()
      .collection<StatementDocument>('statement')
      .find(filter, { projection: SHOWN })
      .sort({ _id: ascending ? 1 : -1 })
      .hint(hint)
      .limit(limit + 1)
      .toArray()
}

async function lastAt(client: MongoClient, time: string | null, otherwise: number): Promise<number> {
  if (time === null) return otherwise
  const filter = { tenant: DEFAULT_TENANT, stored: { $lte: Date.parse(time) } }
  const moment = await client
    .db()
    .collection('moment')
    .findOne(filter, { sort: { stored: -1 } })
  return moment?.last ?? 0
}

function keysOf(asked: URLSearchParams): string[] {
  const [agent, verb, activity, registration] = ['agent', 'verb', 'activity', 'registration'].map((name) =>
    asked.get(name),
  )
  const byAgent = asked.has('related_agents') ? statementKey.relatedAgent : statementKey.agent
  const byActivity = asked.has('related_activities') ? statementKey.relatedActivity : statementKey.activity
  return [
    ...(agent ? [byAgent(agentKey(JSON.parse(agent))!)] : []),
    ...(verb ? [statementKey.verb(verb)] : []),
    ...(activity ? [byActivity(activity)] : []),
    ...(registration ? [statementKey.registration(registration)] : []),
  ]
}

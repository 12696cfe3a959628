import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Document, MongoClient } from 'mongodb'
import type { Random } from '../../bench/random.ts'
import { docKeyOf, docName, docsWithin } from '../../lrs/storage/mongo/doc-names.ts'
import { lastPosition } from '../../lrs/storage/mongo/holdings/read-record.ts'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import { namesOf } from '../../lrs/storage/mongo/names.ts'
import { schemaOf } from '../../lrs/storage/mongo/schema.ts'
import { freePort, type MongoServer, startMongo } from '../support/mongo-server.ts'
import { type Follower, followFeed } from './follow.ts'
import { Loss } from './loss.ts'
import type { Place, Victims } from './place.ts'

const TENANT = 'main'
const DATABASE = 'torture'
const RECORDS = ['profiles.facts', 'profiles.lines']
/** An upload that nobody ends is over in a day. */
const A_DAY_LATER = 86_400_000 + 60_000
/** The database stays away so long at most, ms. */
const AWAY_MS = 1_500
/** It is waited so long for what a kill cut short, ms. */
const FINISHED_MS = 150_000

/** Two processes on one MongoDB, which is a process that is killed too; it starts again on the same data and port. */
export async function onMongo(folder: string): Promise<Place> {
  const data = join(folder, 'database')
  const temporary = join(folder, 'temporary')
  for (const path of [data, temporary]) mkdirSync(path, { recursive: true })
  const port = await freePort()
  let server: MongoServer | null = null
  let follower: Follower | null = null
  const start = async () => {
    server ??= await startMongo({ place: { folder: data, port } })
    return server.urlOf(DATABASE)
  }
  const url = await start()

  return {
    processes: 2,
    moments: ['load', 'large batch', 'start', 'rebuild', 'link', 'stop'],
    environment: { STORE_URL: url, DATA_DIR: join(folder, 'unused'), TMPDIR: temporary },
    dataDir: null,
    everyPosition: false,
    async prepare() {
      follower = followFeed(url, TENANT)
    },
    async startStore() {
      await start()
    },
    async killStore() {
      await server?.stop()
      server = null
    },
    victims,
    awayMs: (random) => random.below(AWAY_MS),
    finished: () => withDatabase(url, caughtUp),
    records: () => withDatabase(url, recordsOf),
    async orphans() {
      const later = () => Date.now() + A_DAY_LATER
      const storage = await openMongo({ url, clock: later, spool: join(temporary, 'later') })
      try {
        await storage.tenant(TENANT).blobs.collect(later())
      } finally {
        await storage.close()
      }
      return withDatabase(url, orphansOf)
    },
    followed: async () => (await follower?.seen()) ?? null,
    async remove() {
      await follower?.stop()
      await server?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function victims(random: Random): Victims {
  const one = random.below(2)
  const kills: readonly Omit<Victims, 'commands'>[] = [
    { name: 'one process', processes: [one], store: false },
    { name: 'both processes', processes: [0, 1], store: false },
    { name: 'the database', processes: [], store: true },
    { name: 'the database and one process', processes: [one], store: true },
    { name: 'the database and both processes', processes: [0, 1], store: true },
  ]
  return { ...random.pick(kills), commands: random.below(2) === 0 }
}

async function withDatabase<T>(url: string, ask: (schema: ReturnType<typeof schemaOf>) => Promise<T>) {
  const client = new MongoClient(url)
  try {
    return await ask(schemaOf(client.db()))
  } finally {
    await client.close()
  }
}

/** Of a rebuild that was cut short the other processes learn by its silence; then everything is read again. */
async function caughtUp(schema: ReturnType<typeof schemaOf>): Promise<void> {
  const names = namesOf(TENANT)
  const until = performance.now() + FINISHED_MS
  const isEnded = async () => {
    const cursor = await schema.doc.findOne({ _id: docName(names, 'feed-cursors', 'transcript') })
    const read = cursor ? (JSON.parse(cursor.value) as { position: number }).position : 0
    return read >= (await lastPosition({ schema, names, session: {} }))
  }
  while (!(await isEnded())) {
    if (performance.now() > until) throw new Loss('what a kill cut short is not brought to its end')
    await setTimeout(500)
  }
}

async function recordsOf({ doc }: ReturnType<typeof schemaOf>): Promise<string[]> {
  const all = await Promise.all(
    RECORDS.map(async (collection) =>
      (
        await doc
          .find({ _id: docsWithin(namesOf(TENANT), collection) })
          .sort({ _id: 1 })
          .toArray()
      ).map(({ _id, value }) => `${collection} ${docKeyOf(_id)} ${value}`),
    ),
  )
  return all.flat()
}

/** Every file is named by a blob, every piece belongs to a file, and every blob is used. */
async function orphansOf(schema: ReturnType<typeof schemaOf>): Promise<string[]> {
  const blobs = await schema.blob.find().toArray()
  const named = new Set(blobs.map(({ file }) => file.toHexString()))
  const used = new Set<string>()
  for (const collection of [schema.statement, schema.hold])
    for await (const document of (
      collection as unknown as { find(filter: Document): AsyncIterable<Document> }
    ).find({
      blobs: { $exists: true },
    }))
      for (const blob of document.blobs as string[]) used.add(blob)
  const files = await schema['content.files'].find({}, { projection: { _id: 1 } }).toArray()
  const pieces = await schema['content.chunks'].distinct('files_id')
  const loose = await schema.loose.find().toArray()
  return [
    ...blobs
      .filter(({ _id }) => !used.has(_id))
      .map(({ _id }) => `blob ${_id}: nothing holds it, and it was not collected`),
    ...files
      .filter(({ _id }) => !named.has(_id.toHexString()))
      .map(({ _id }) => `file ${_id}: nothing names it`),
    ...pieces.filter((id) => !named.has(id.toHexString())).map((id) => `pieces of ${id}: nothing names them`),
    ...loose.map(({ _id }) => `upload ${_id} was left`),
  ]
}

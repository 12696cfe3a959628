import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../app/config.ts'
import { openServices, type Services } from '../../app/services.ts'
import { DEFAULT_SCOPES, runConsumers } from '../../lrs/index.ts'
import { agreeingToAll } from '../../profiles/index.ts'
import type { Bench } from '../bench.ts'
import { type Somebody, somebody } from '../people.ts'
import { accountName, createStatements } from '../statements.ts'
import { bringToShape, CACHE, SEED, schema } from './data-set.ts'
import { GENERATOR } from './statements.ts'

/**
 * People with records, filled through the product's own code: everybody is registered, and a system tells of them by the
 * accounts that the product gave them. The first of `readers`, who can sign in, has `most` of the statements, the others a
 * dozen each, every one a line of its own; what remains comes as in `bench/statements.ts`, some twenty to a line.
 */
export interface Records {
  dataDir: string
  readers: Somebody[]
}

export interface RecordsSize {
  statements: number
  persons: number
  most: number
}

const READERS = 50
/** Lines of each of the others who can sign in. */
const OF_READER = 12
const BATCH = 250
const AT_ONCE = 20
const SAY_EVERY = 20_000
const BY = 'bench'
const FIRST = Date.UTC(2023, 0, 2)
const SPAN = 1_000 * 86_400_000

/** Those records in the store that is measured: on SQLite a copy of what is kept between runs, on MongoDB made anew. */
export async function openRecords(bench: Bench, size: RecordsSize): Promise<Records> {
  const dataDir = join(await bench.folder('records'), 'data')
  const { statements, persons, most } = size
  const name = `records-${statements}-${persons}-${most}-seed${SEED}-schema${schema()}-generator${GENERATOR}`
  const home = join(CACHE, name)
  if (bench.store === 'mongo') return { dataDir, readers: await fill(bench, dataDir, size) }
  if (!existsSync(home)) {
    const unfinished = `${home}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    const readers = await fill(bench, join(unfinished, 'data'), size)
    await writeFile(join(unfinished, 'readers.json'), JSON.stringify(readers))
    await rename(unfinished, home)
  }
  await bringToShape(home, bench.say)
  await cp(join(home, 'data'), dataDir, { recursive: true, mode: 2 })
  return { dataDir, readers: JSON.parse(await readFile(join(home, 'readers.json'), 'utf8')) }
}

/** What works on a store while no server runs on it, as the product's commands do. */
export async function withServices<T>(
  bench: Pick<Bench, 'storeOf'>,
  dataDir: string,
  act: (services: Services) => Promise<T>,
): Promise<T> {
  const read = readConfig({ DATA_DIR: dataDir, ...(await bench.storeOf(dataDir)) })
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  try {
    return await act(opened.services)
  } finally {
    await opened.services.close()
  }
}

async function fill(bench: Bench, dataDir: string, size: RecordsSize): Promise<Somebody[]> {
  return withServices(bench, dataDir, async (services) => {
    bench.say(
      `filling the records of ${size.persons.toLocaleString('en')} people with ${size.statements.toLocaleString('en')} statements`,
    )
    const began = performance.now()
    const { readers, persons } = await register(services, size.persons)
    await record(bench, services, persons, size)
    bench.say(`filled in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    return readers
  })
}

/** Who reads has a password; a hundred thousand of those would take hours, so the others come by a provider. */
async function register({ profiles }: Services, count: number) {
  const readers: Somebody[] = []
  for (let number = 0; number < Math.min(READERS, count); number++)
    readers.push(await somebody(profiles, number))
  const persons = readers.map(({ id }) => id)
  for (let from = persons.length; from < count; from += AT_ONCE) {
    const made = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) =>
        profiles.providerTies.register({
          tie: `bench-${from + index}`,
          provider: 'bench',
          name: `Công dân ${from + index}`,
          language: 'vi',
          identifier: null,
        }),
      ),
    )
    for (const person of made) {
      if ('ok' in person) throw new Error(person.problems[0]?.message)
      persons.push(person.id)
    }
    const answers = agreeingToAll('registration')
    await Promise.all(
      made.flatMap((person) =>
        'ok' in person
          ? []
          : answers.map((answer) => profiles.consents.answer(person.id, { ...answer, language: 'vi' })),
      ),
    )
  }
  return { readers, persons }
}

async function record(
  bench: Bench,
  { lrs, sources, tenantStorage, profiles, accountHomePage }: Services,
  persons: readonly string[],
  size: RecordsSize,
): Promise<void> {
  const source = await sources.create({ name: 'lms-tinh', kind: 'lms' }, BY)
  if ('ok' in source) throw new Error(source.problems[0]?.message)
  const caller = await sources.callerOf(source.id, BY, DEFAULT_SCOPES)
  const drawn = createStatements({ seed: SEED, actors: persons.length, activities: 10_000 })
  const numberOf = new Map(persons.map((_, number) => [accountName(number), number]))
  const everyMost = Math.max(1, Math.floor(size.statements / Math.max(1, size.most)))
  const everyReader = Math.max(2, Math.floor(size.statements / (READERS * OF_READER)))
  let [ofMost, nextReader] = [0, 0]
  const text = (index: number) => {
    const timestamp = FIRST + Math.floor((index * SPAN) / size.statements)
    const forMost = ofMost < size.most && index % everyMost === 0
    if (forMost) ofMost++
    const forReader = index % everyReader === 1
    const actor = forMost ? 0 : forReader ? 1 + (nextReader++ % (READERS - 1)) : undefined
    const statement = JSON.parse(drawn.next({ timestamp, ...(actor !== undefined && { actor }) }))
    const person = persons[numberOf.get(statement.actor.account.name)!]!
    statement.actor.account = { homePage: accountHomePage, name: person }
    return JSON.stringify(statement)
  }
  let said = performance.now()
  for (let from = 0; from < size.statements; from += BATCH) {
    const texts = Array.from({ length: Math.min(BATCH, size.statements - from) }, (_, index) =>
      text(from + index),
    )
    const outcome = await lrs.recordStatements(caller, {
      version: '1.0.3',
      statements: `[${texts.join(',')}]`,
    })
    if (!outcome.ok) throw new Error(outcome.problems[0]?.message)
    if (performance.now() - said < SAY_EVERY) continue
    said = performance.now()
    bench.say(`${from.toLocaleString('en')} of ${size.statements.toLocaleString('en')}`)
  }
  await profiles.settled()
  const consumers = runConsumers(tenantStorage, [profiles.consumer], { poll: 500 })
  await consumers.idle()
  await consumers.stop()
}

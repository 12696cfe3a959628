import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import { readConfig } from '../../app/config.ts'
import { createLog } from '../../app/observability/log.ts'
import { createMetrics } from '../../app/observability/metrics.ts'
import { buildProduct } from '../../app/product.ts'
import { openServices, type Services } from '../../app/services.ts'
import type { Host } from '../../h5p/index.ts'
import {
  agreeingToAll,
  type DiaryEntry,
  type Organisation,
  type OrganisationRole,
  type Person,
  type RecordLine,
  type Role,
} from '../../profiles/index.ts'
import { PASSWORD } from '../../web/testing/services.ts'
import { ORIGIN } from '../../web/testing/site.ts'
import { placeOf } from './store.ts'

/** The whole product in this process, for what goes from a citizen to a centre and back. */
export interface CentreSite {
  app: Express
  services: Services
  host: Host
  /** Registers a person, who signs in as `<who>@example.org`. */
  person(who: string, name: string, ...roles: Role[]): Promise<Person>
  organisation(name: string): Promise<Organisation>
  join(organisation: Organisation, person: Person, ...roles: OrganisationRole[]): Promise<void>
  /** Writes into a person's diary, and waits until it stands on the record. */
  learn(person: Person, what: string): Promise<DiaryEntry>
  /** Resolves when the records have followed all that was stored. */
  caughtUp(): Promise<void>
  lines(person: Pick<Person, 'id'>): Promise<RecordLine[]>
  close(): Promise<void>
}

export async function openCentreSite(): Promise<CentreSite> {
  const place = await placeOf()
  const folder = await mkdtemp(join(tmpdir(), 'suotdoi-centre-'))
  const read = readConfig({ DATA_DIR: join(folder, 'data'), STORE_URL: place.storeUrl })
  if (!read.ok) throw new Error(read.messages.join())
  const opened = await openServices(read.config, { publicUrl: () => ORIGIN })
  if (!opened.ok) throw new Error(opened.message)
  const { services } = opened
  const product = await buildProduct(services, read.config, createLog('silent'), createMetrics())
  const { accounts, organisations, invitations, transcript } = services.profiles

  async function person(who: string, name: string, ...roles: Role[]): Promise<Person> {
    const identifier = `${who}@example.org`
    const made = await accounts.register({
      identifier,
      password: PASSWORD,
      name,
      language: 'vi',
      consents: agreeingToAll('registration'),
    })
    if ('ok' in made) throw new Error(JSON.stringify(made))
    for (const role of roles) await accounts.grant(made.id, role, 'cli:test')
    return (await accounts.get(made.id))!
  }
  const operator = await person('operator', 'Lê Thị Vận', 'operator')

  async function caughtUp(): Promise<void> {
    for (const until = Date.now() + 30_000; Date.now() < until; ) {
      const states = await product.consumers.states()
      const { feed } = services.tenantStorage
      const end = await feed.end()
      if (states.every(({ position }) => position >= end)) {
        await new Promise((done) => setTimeout(done, 300))
        if ((await feed.end()) === end) return
      }
      await new Promise((done) => setTimeout(done, 20))
    }
    throw new Error('The records did not follow.')
  }

  return {
    app: product.app,
    services,
    host: product.host,
    person,
    caughtUp,
    async organisation(name) {
      const details = { name, nameEn: '', kind: 'community-learning-centre', parent: null }
      const made = await organisations.create(details, operator.id)
      if ('ok' in made) throw new Error(JSON.stringify(made))
      return made
    },
    async join({ id }, { id: who }, ...roles) {
      const asked = { organisation: id, roles, kind: 'link' as const, uses: 1, days: 1, by: operator.id }
      const made = await invitations.make(asked)
      if ('ok' in made) throw new Error(JSON.stringify(made))
      const accepted = await invitations.accept(made.secret, who)
      if ('ok' in accepted) throw new Error(JSON.stringify(accepted))
    },
    async learn({ id }, what) {
      const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10)
      const entry = await services.diary.add(id, { what, minutes: 30, did: 'hanh', day })
      if ('problems' in entry) throw new Error(JSON.stringify(entry))
      await caughtUp()
      return entry
    },
    lines: async ({ id }) => (await transcript.lines(id, { limit: 100 })).lines,
    async close() {
      await product.consumers.stop()
      await product.stop()
      await services.close()
      await place.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

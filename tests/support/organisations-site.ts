import express, { type Express } from 'express'
import { foldedWords, readAudit } from '../../lrs/index.ts'
import { PERSONS } from '../../profiles/accounts/documents.ts'
import {
  agreeingToAll,
  type Organisation,
  type OrganisationRole,
  type Person,
  type Role,
} from '../../profiles/index.ts'
import { MEMBERSHIPS, membershipKey } from '../../profiles/organisations/documents.ts'
import { createWeb } from '../../web/index.ts'
import { type FakeServices, fakeServices, PASSWORD } from '../../web/testing/services.ts'
import { ORIGIN } from '../../web/testing/site.ts'
import { openWorld, type World } from './profiles-world.ts'

/** The pages over real profiles in a store of their own, and over fakes of all else. */
export interface OrganisationsSite {
  app: Express
  world: World
  services: FakeServices
  /** Registers a person, who signs in as `<who>@example.org`. */
  person(who: string, name: string, ...roles: Role[]): Promise<Person>
  organisation(
    name: string,
    change?: Partial<{ nameEn: string; kind: string; parent: string }>,
  ): Promise<Organisation>
  /** Makes a person a member, by an invitation of the operator's. */
  join(organisation: Organisation, person: Person, ...roles: OrganisationRole[]): Promise<void>
  /** Members without accounts, straight into the store. */
  fill(organisation: Organisation, count: number, nameOf: (at: number) => string): Promise<void>
  close(): Promise<void>
}

export async function openOrganisationsSite(
  options: { full?: boolean; publicUrl?: string; secondStep?: boolean; before?(app: Express): void } = {},
): Promise<OrganisationsSite> {
  const world = await openWorld()
  const { accounts, organisations, memberships, invitations, transcript, hidden } = world.profiles
  const fakes = fakeServices({ publicUrl: ORIGIN, ...options })
  const services: FakeServices = {
    ...fakes,
    accounts,
    organisations,
    memberships,
    invitations,
    transcript,
    hidden,
    disputes: world.disputes,
    collections: world.store.collections,
    audit: (filter) => readAudit([world.store.collections], 'test', filter),
  }
  const app = express().set('trust proxy', true)
  options.before?.(app)
  app.use(createWeb(services))

  async function person(who: string, name: string, ...roles: Role[]): Promise<Person> {
    const identifier = `${who}@example.org`
    const consents = agreeingToAll('registration')
    const made = await accounts.register({ identifier, password: PASSWORD, name, language: 'vi', consents })
    if ('ok' in made) throw new Error(JSON.stringify(made))
    for (const role of roles) await accounts.grant(made.id, role, 'cli:test')
    return (await accounts.get(made.id))!
  }
  const operator = await person('operator', 'Lê Thị Vận', 'operator')

  return {
    app,
    world,
    services,
    person,
    async organisation(name, change) {
      const details = { name, nameEn: '', kind: 'school', parent: null, ...change }
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
    async fill({ id: organisation }, count, nameOf) {
      const roles: OrganisationRole[] = ['author']
      for (let from = 0; from < count; from += 400) {
        const some = Array.from({ length: Math.min(400, count - from) }, (_, at) => from + at)
        await world.store.collections.batch(
          some.flatMap((at) => {
            const person = `filled-${organisation}-${at}`
            const created = Date.now() - 4e10 + at * 1000
            const memberships = [{ organisation, roles }]
            const value = {
              id: person,
              name: nameOf(at),
              roles: ['citizen'],
              language: 'vi',
              created,
              memberships,
            }
            const held = {
              organisation,
              person,
              roles,
              joined: created,
              since: created,
              by: operator.id,
              words: foldedWords(nameOf(at)),
            }
            return [
              { op: 'insert', collection: PERSONS, key: person, value },
              { op: 'insert', collection: MEMBERSHIPS, key: membershipKey(held), value: held },
            ] as const
          }),
        )
      }
    },
    close: () => world.close(),
  }
}

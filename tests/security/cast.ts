import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import request from 'supertest'
import { readConfig } from '../../app/config.ts'
import { createLog } from '../../app/observability/log.ts'
import { createMetrics } from '../../app/observability/metrics.ts'
import { buildProduct, type Product } from '../../app/product.ts'
import { openServices, type Services } from '../../app/services.ts'
import { agreeingToAll, type Person } from '../../profiles/index.ts'
import { makeObjects, type Objects } from './objects.ts'

/** In the order in which they try what a route lets through. */
export const ROLES = [
  'nobody',
  'credential',
  'citizen',
  'owner',
  'merged',
  'author',
  'elsewhere',
  'staff',
  'officer',
  'manager',
  'operator',
] as const
export type RoleName = (typeof ROLES)[number]

/** Somebody who asks. */
export interface Role {
  name: RoleName
  /** As the pages see them; null for who is not signed in. */
  person: Person | null
  agent: ReturnType<typeof request.agent>
}

export interface Cast {
  app: Express
  product: Product
  services: Services
  dataDir: string
  objects: Objects
  roles: Record<RoleName, Role>
  close(): Promise<void>
}

export const ORIGIN = 'http://localhost:8080'
const PASSWORD = 'cây tre trăm đốt 1954'

/**
 * The whole product in this process over a store of its own, with one person of each role and things of each kind: those
 * of the citizen `owner` hold MARK (objects.ts), so that it is seen where they come to somebody else's eyes.
 */
export async function openCast(): Promise<Cast> {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'matrix-')), 'data')
  const config = readConfig({ DATA_DIR: dataDir, NODE_ENV: 'development', TRUST_PROXY: '1' })
  if (!config.ok) throw new Error(config.messages.join())
  const opened = await openServices(config.config)
  if (!opened.ok) throw new Error(opened.message)
  const { services } = opened
  const metrics = createMetrics()
  const product = await buildProduct(services, config.config, createLog('silent'), metrics)
  const people = await register(services)
  const objects = await makeObjects(services, product, people)
  const roles = await signIn(product.app, services, people, objects)
  return {
    app: product.app,
    product,
    services,
    dataDir,
    objects,
    roles,
    async close() {
      metrics.stop()
      await product.consumers.stop()
      await product.stop()
      await services.profiles.stop()
      await services.close()
      await rm(join(dataDir, '..'), { recursive: true, force: true })
    },
  }
}

/** Ids by role. */
export type People = Record<Exclude<RoleName, 'nobody' | 'credential'>, string>

async function register({ profiles }: Services): Promise<People> {
  const { accounts } = profiles
  const person = async (who: string) => {
    const made = await accounts.register({
      identifier: `${who}@example.org`,
      password: PASSWORD,
      name: `Người ${who}`,
      language: 'vi',
      consents: agreeingToAll('registration'),
    })
    if ('ok' in made) throw new Error(JSON.stringify(made))
    return made.id
  }
  const people = Object.fromEntries(
    await Promise.all(
      ROLES.filter((name) => name !== 'nobody' && name !== 'credential').map(
        async (name) => [name, await person(name)] as const,
      ),
    ),
  ) as People
  await accounts.grant(people.operator, 'operator', 'test')
  await accounts.grant(people.author, 'author', 'test')
  return people
}

async function signIn(
  app: Express,
  { profiles }: Services,
  people: People,
  { credential }: Objects,
): Promise<Cast['roles']> {
  const all = await Promise.all(
    ROLES.map(async (name, at): Promise<[RoleName, Role]> => {
      // As from devices of their own: what is counted by address is not counted together.
      const agent = request
        .agent(app)
        .set('Origin', ORIGIN)
        .set('X-Forwarded-For', `203.0.113.${at + 1}`) as unknown as Role['agent']
      if (name === 'nobody') return [name, { name, person: null, agent }]
      if (name === 'credential') {
        agent.set('Authorization', credential)
        return [name, { name, person: null, agent }]
      }
      const answer = await agent
        .post('/sign-in')
        .type('form')
        .send({ identifier: `${name}@example.org`, password: PASSWORD })
      if (answer.status !== 303) throw new Error(`${name} cannot sign in: ${answer.status}`)
      const seen = name === 'merged' ? people.owner : people[name]
      return [name, { name, person: await profiles.accounts.get(seen), agent }]
    }),
  )
  return Object.fromEntries(all) as Cast['roles']
}

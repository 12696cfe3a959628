import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import supertest from 'supertest'
import { createAuthenticate } from '../../lrs/auth/authenticate.ts'
import { createSecretMemory, type SecretMemory } from '../../lrs/auth/secret-memory.ts'
import { createSourceRegistry } from '../../lrs/auth/source-registry.ts'
import type { Credential, SourceRegistry } from '../../lrs/auth/sources.ts'
import { createTenants, type Tenants } from '../../lrs/auth/tenants.ts'
import type { Scope } from '../../lrs/caller.ts'
import { askLater } from '../../lrs/http/ask-for-body.ts'
import { createXapiRouter, type XapiRouterOptions } from '../../lrs/http/router.ts'
import type { Storage } from '../../lrs/storage/port.ts'
import { openTestStore } from './store.ts'

/** The xAPI resources over a real store of its own. */
export interface TestXapi {
  server: Server
  port: number
  storage: Storage
  tenants: Tenants
  memory: SecretMemory
  /** What went wrong inside, apart from refusals. */
  errors: unknown[]
  registry(tenant?: string): SourceRegistry
  /** A credential of a source, which is made when it is not there. */
  issue(scopes: readonly Scope[], source?: string, tenant?: string): Promise<TestClient>
  close(): Promise<void>
}

/** Requests with the headers of one credential. */
export interface TestClient {
  credential: Credential
  secret: string
  authorization: string
  request(method: 'get' | 'head' | 'put' | 'post' | 'delete', path: string, version?: string): supertest.Test
}

export async function startXapi({
  storage: wrap = (storage) => storage,
  ...options
}: Omit<Partial<XapiRouterOptions>, 'storage'> & {
  storage?: (real: Storage) => Storage
} = {}): Promise<TestXapi> {
  const store = await openTestStore()
  const storage = wrap(store.storage)
  const tenants = await createTenants(storage)
  const memory = createSecretMemory()
  const errors: unknown[] = []
  const app = express()
  app.use(
    ['/xapi', '/data/xAPI'],
    createXapiRouter({
      authenticate: createAuthenticate(storage.system, memory),
      onError: (error) => errors.push(error),
      ...options,
      storage,
    }),
  )
  const server = createServer(app)
  server.on('checkContinue', askLater(app))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const registry = (tenant = 'main') => createSourceRegistry(storage.system, tenant)
  const sources = new Map<string, string>()

  async function sourceOf(name: string, tenant: string): Promise<string> {
    const known = sources.get(`${tenant} ${name}`)
    if (known !== undefined) return known
    const created = await registry(tenant).create({ name, kind: 'lms' }, 'test')
    if ('ok' in created) throw new Error(created.problems[0]?.message)
    sources.set(`${tenant} ${name}`, created.id)
    return created.id
  }

  return {
    server,
    port: (server.address() as AddressInfo).port,
    storage,
    tenants,
    memory,
    errors,
    registry,
    async issue(scopes, source = 'One', tenant = 'main') {
      const issued = await registry(tenant).issue(
        await sourceOf(source, tenant),
        { label: 'test', scopes },
        'test',
      )
      if ('ok' in issued) throw new Error(issued.problems[0]?.message)
      return { ...issued, ...client(server, issued.credential.key, issued.secret) }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await store.close()
    },
  }
}

/** Requests with a key and a secret, right or wrong. */
export function client(server: Server, key: string, secret: string) {
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`
  return {
    authorization,
    request: (method: 'get' | 'head' | 'put' | 'post' | 'delete', path: string, version = '1.0.3') =>
      supertest(server)
        [method](path)
        .set('Authorization', authorization)
        .set('X-Experience-API-Version', version),
  }
}

/** A small valid statement. */
export function someStatement(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    actor: { mbox: 'mailto:hoa@example.vn', name: 'Hoa' },
    verb: { id: 'http://example.vn/verbs/read' },
    object: { id: 'http://example.vn/activities/waste' },
    ...change,
  }
}

/** Waits until lists show what was stored before this call. */
export async function settled(storage: Storage, tenant = 'main'): Promise<void> {
  const now = Date.now()
  while ((await storage.tenant(tenant).statements.watermark()) < now)
    await new Promise((go) => setTimeout(go, 20))
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createSourceRegistry } from '../../../lrs/auth/source-registry.ts'
import { createTenants, DEFAULT_TENANT } from '../../../lrs/auth/tenants.ts'
import type { Scope } from '../../../lrs/caller.ts'
import { HTTP_LIMITS, type HttpLimits } from '../../../lrs/http/limits.ts'
import { XAPI_PATHS } from '../../../lrs/http/path.ts'
import { createXapiRouter } from '../../../lrs/http/router.ts'
import { openTestStore } from '../../support/store.ts'

export interface Key {
  key: string
  secret: string
}

/** A record store that listens on a free port, with a credential of scope `all`. */
export interface RunningLrs extends Key {
  endpoint: string
  limits: HttpLimits
  /** Another credential, of the same source or of another. */
  issue(scopes: readonly Scope[], of?: 'same' | 'other'): Promise<Key>
  /** What went wrong inside, apart from refusals. */
  errors: unknown[]
  close(): Promise<void>
}

/** Starts the real router over a real store; without `on` an empty one of this run's kind, which goes with it. */
export async function startLrs(limits: Partial<HttpLimits> = {}, on?: string): Promise<RunningLrs> {
  const store = await openTestStore(on)
  const { storage } = store
  await createTenants(storage)
  const registry = createSourceRegistry(storage.system, DEFAULT_TENANT)
  const created = async (name: string) => {
    const source = await registry.create({ name, kind: 'lms' }, 'conformance')
    if ('ok' in source) throw new Error(source.problems[0]?.message)
    return source.id
  }
  const sources = { same: await created('Conformance'), other: await created('Another source') }
  async function issue(scopes: readonly Scope[], of: 'same' | 'other' = 'same'): Promise<Key> {
    const issued = await registry.issue(sources[of], { label: 'conformance', scopes }, 'conformance')
    if ('ok' in issued) throw new Error(issued.problems[0]?.message)
    return { key: issued.credential.key, secret: issued.secret }
  }
  const own = await issue(['all'])

  const errors: unknown[] = []
  const app = express()
  const router = createXapiRouter({ storage, limits, onError: (error) => errors.push(error) })
  for (const path of XAPI_PATHS) app.use(path, router)
  const server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo

  return {
    ...own,
    endpoint: `http://127.0.0.1:${port}${XAPI_PATHS[0]}`,
    limits: { ...HTTP_LIMITS, ...limits },
    issue,
    errors,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await store.close()
    },
  }
}

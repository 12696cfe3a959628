import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { CLIENT, startTestProvider, type TestProvider } from '../../tests/support/oidc-provider.ts'
import { createOidcProvider, type OidcProvider } from './index.ts'

const BACK = 'http://localhost:9/sign-in/with/test/back'
const LAN = { sub: '033190012345', name: 'Lan', email: 'lan@tinh.example', email_verified: true }

let real: TestProvider
const servers: Server[] = []
beforeAll(async () => {
  // What the package says of keys and settings that are for tests alone.
  for (const kind of ['warn', 'info'] as const) vi.spyOn(console, kind).mockImplementation(() => {})
  real = await startTestProvider()
  real.open([BACK])
})
beforeEach(() => {
  real.account = { ...LAN }
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => real.close())

const settings = (change: Partial<OidcProvider> = {}): OidcProvider => ({
  id: 'test',
  name: 'Cổng thử',
  issuer: real.issuer,
  clientId: CLIENT.id,
  clientSecret: CLIENT.secret,
  scopes: 'openid profile email',
  claims: { name: 'name', email: { claim: 'email', verified: 'email_verified' } },
  ...change,
})

/** Goes where a browser would be sent, with its cookies, until it is sent back here. */
async function walk(url: string): Promise<string> {
  const jar = new Map<string, string>()
  for (let at = url; ; ) {
    if (at.startsWith(BACK)) return at
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    const to = answer.headers.get('location')
    if (!to) throw new Error(`${at} answered ${answer.status}: ${await answer.text()}`)
    at = new URL(to, at).href
  }
}

async function begun(provider = createOidcProvider(settings())) {
  const begin = await provider.begin(BACK)
  if (!begin.ok) throw new Error(begin.code)
  return { provider, ...begin }
}

test('code flow with PKCE, state and nonce; what the provider verified is told', async () => {
  const { provider, url, checks } = await begun()
  const asked = new URL(url).searchParams
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    state: checks.state,
    nonce: checks.nonce,
    redirect_uri: BACK,
  })
  expect(await provider.finish(await walk(url), checks)).toEqual({
    ok: true,
    identity: { issuer: real.issuer, subject: LAN.sub, name: 'Lan', email: LAN.email, phone: null },
  })
})

test('an e-mail that the provider did not verify is not told', async () => {
  real.account = { ...LAN, email_verified: false }
  const { provider, url, checks } = await begun()
  expect(await provider.finish(await walk(url), checks)).toMatchObject({
    ok: true,
    identity: { email: null },
  })
})

test('a code works once, and only with what the browser was sent away with', async () => {
  const { provider, url, checks } = await begun()
  const back = await walk(url)
  for (const change of [{ state: 'x' }, { verifier: checks.verifier.replace(/.$/, '_') }])
    expect(await provider.finish(back, { ...checks, ...change })).toMatchObject({ reason: 'refused' })
  const other = await begun(provider)
  const again = await walk(other.url)
  expect(await provider.finish(again, { ...other.checks, nonce: 'x' })).toMatchObject({ reason: 'refused' })
  const third = await begun(provider)
  const last = await walk(third.url)
  expect(await provider.finish(last, third.checks)).toMatchObject({ ok: true })
  expect(await provider.finish(last, third.checks)).toMatchObject({ reason: 'refused' })
  expect(await provider.finish(BACK, third.checks)).toMatchObject({ reason: 'refused' })
})

test('who is to prove that it is them signs in there anew; a sign-in of before is not taken', async () => {
  const provider = createOidcProvider(settings())
  const begin = await provider.begin(BACK, { anew: true })
  if (!begin.ok) throw new Error(begin.code)
  const asked = new URL(begin.url).searchParams
  expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0'])
  const back = await walk(begin.url)
  // As if they had signed in there a minute before they were sent.
  const late = { ...begin.checks, anew: begin.checks.anew! + 60_000 }
  vi.setSystemTime(Date.now() + 60_000)
  try {
    expect(await provider.finish(back, late)).toMatchObject({ reason: 'refused' })
  } finally {
    vi.useRealTimers()
  }
  const again = await provider.begin(BACK, { anew: true })
  if (!again.ok) throw new Error(again.code)
  expect(await provider.finish(await walk(again.url), again.checks)).toMatchObject({ ok: true })
})

test('who leaves the provider’s page without signing in has declined', async () => {
  real.account = null
  const { provider, url, checks } = await begun()
  expect(await provider.finish(await walk(url), checks)).toEqual({
    ok: false,
    reason: 'declined',
    code: 'access_denied',
  })
})

test('a wrong secret is refused, without its words', async () => {
  const { provider, url, checks } = await begun(createOidcProvider(settings({ clientSecret: 'wrong' })))
  expect(await provider.finish(await walk(url), checks)).toMatchObject({
    reason: 'refused',
    code: expect.stringContaining('invalid_client'),
  })
})

test('nobody there, a page of failure and another issuer are outages or refusals, and a later try succeeds', async () => {
  const closed = createOidcProvider(settings({ issuer: 'http://127.0.0.1:1' }))
  expect(await closed.begin(BACK)).toMatchObject({ reason: 'unreachable' })
  let answer = '<h1>502 Bad Gateway</h1>'
  let status = 502
  const server = createServer((_req, res) => {
    res.writeHead(status, { 'Content-Type': status === 200 ? 'application/json' : 'text/html' }).end(answer)
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = createOidcProvider(settings({ issuer }))
  expect(await provider.begin(BACK)).toMatchObject({ reason: 'unreachable' })
  status = 200
  answer = JSON.stringify({
    issuer: 'https://evil.example',
    authorization_endpoint: 'https://evil.example/a',
  })
  expect(await provider.begin(BACK)).toMatchObject({ ok: false })
  answer = JSON.stringify({ issuer, authorization_endpoint: `${issuer}/a` })
  expect(await provider.begin(BACK)).toMatchObject({ ok: true })
})

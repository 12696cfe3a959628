import { hash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import passport from 'passport'
import { BasicStrategy } from 'passport-http'
import { Strategy as BearerStrategy } from 'passport-http-bearer'
import type { Caller } from '../caller.ts'
import { type Problem, type Refusal, refuse } from '../problem.ts'
import type { Collections } from '../storage/collections.ts'
import { callerFor } from './caller-of.ts'
import { CREDENTIALS, type CredentialRow, SOURCES, sourceKey } from './collections.ts'
import { createSecretMemory, type SecretMemory } from './secret-memory.ts'
import { isDigestOf } from './secrets.ts'

/**
 * Who speaks, or why it is not known; `challenges` are the values of `WWW-Authenticate` for a 401. `claimed` is whom the
 * key names without having proven it: good for the log of requests, in which an administrator looks for a mistyped
 * secret, and for nothing else.
 */
export type Authentication =
  | { ok: true; caller: Caller }
  | (Refusal & { challenges: string[]; claimed?: Caller })
/** Takes the value of an `Authorization` header, and how it came. */
export type Authenticate = (authorization: string | undefined, asked?: Asked) => Promise<Authentication>
export interface Asked {
  /** The client's address. */
  from: string
  /** Waits until it is the address's turn to have something proven that is not known. */
  inTurn(work: () => Promise<Authentication>): Promise<Authentication>
}
const ANYBODY: Asked = { from: '', inTurn: (work) => work() }

/** How long a credential is taken as it was read: what was revoked is refused within this time. */
const FRESH_MS = 400
const CACHED = 10_000

/**
 * HTTP Basic with key and secret, and Bearer with the token `<key>.<secret>` (xAPI 1.0.3 Communication 4; xAPI 2.0
 * 4.1.7). Expired, revoked and narrowed credentials are in force in every process within half a second.
 */
export function createAuthenticate(
  system: Collections,
  memory: SecretMemory = createSecretMemory(),
): Authenticate {
  const lookup = createLookup(system)

  async function check(
    { from }: { from: string },
    key: string,
    secret: string,
  ): Promise<{ caller: Caller; hash: string } | { problem: Problem; claimed: Caller } | null> {
    const found = await lookup(key)
    if (!found) return null
    const { row, caller } = found
    const refused = (problem: Problem) => ({ problem, claimed: caller })
    const verdict =
      row.digest === undefined
        ? await memory.verify(key, secret, row.hash, from)
        : isDigestOf(row.digest, secret)
          ? 'right'
          : 'wrong'
    if (verdict === 'busy') return refused(BUSY)
    if (verdict === 'wrong') return refused(WRONG)
    // Only who holds the secret learns that the credential is not valid any more.
    const ended = whyEnded(row)
    return ended ? refused(ended) : { caller, hash: row.hash }
  }

  const strategies = new passport.Passport()
  type Done = (error: unknown, user?: unknown) => void
  const answer = (checked: ReturnType<typeof check>, done: Done) =>
    checked.then((user) => done(null, user ?? false), done)
  // The request that passport hands on is the one made below.
  const asked = (request: object) => request as { from: string }
  strategies.use(
    new BasicStrategy(
      { realm: 'xAPI', passReqToCallback: true },
      (request, key, secret, done) => void answer(check(asked(request), key, secret), done),
    ),
  )
  strategies.use(
    new BearerStrategy(
      { realm: 'xAPI', passReqToCallback: true },
      (request: object, token: string, done: Done) => {
        const dot = token.indexOf('.')
        if (dot < 1) return done(null, false)
        return void answer(check(asked(request), token.slice(0, dot), token.slice(dot + 1)), done)
      },
    ),
  )

  const proven = createProven(lookup)

  return async (authorization, { from, inTurn } = ANYBODY) => {
    const again = authorization === undefined ? null : await proven.recall(authorization)
    return again ? { ok: true, caller: again } : inTurn(() => prove(authorization, from))
  }

  function prove(authorization: string | undefined, from: string): Promise<Authentication> {
    return new Promise((resolve, reject) => {
      // Passport sees the header alone: a token in a query or a body would end in logs.
      const request = { headers: { authorization }, from } as unknown as IncomingMessage
      const middleware = strategies.authenticate(
        ['basic', 'bearer'],
        { session: false },
        (error: unknown, user: unknown, challenges: unknown) => {
          if (error) return reject(error)
          const known = user as Awaited<ReturnType<typeof check>> | false
          if (known && 'caller' in known) {
            proven.remember(authorization!, known.caller.credential, known.hash)
            return resolve({ ok: true, caller: known.caller })
          }
          const problem = known ? known.problem : authorization === undefined ? MISSING : WRONG
          resolve({
            ...refuse(problem),
            challenges: challengesOf(challenges),
            ...(known && { claimed: known.claimed }),
          })
        },
      )
      middleware(request, {}, reject)
    })
  }
}

function whyEnded({ revoked, expires }: CredentialRow): Problem | null {
  if (revoked !== null && revoked <= Date.now()) return REVOKED
  return expires !== null && expires <= Date.now() ? EXPIRED : null
}

/**
 * A client sends the same header again and again: what was proven once is recalled by a digest of the header, keyed anew
 * in every process, and holds as long as its credential does. Only what is right is remembered here.
 */
function createProven(lookup: ReturnType<typeof createLookup>) {
  const digestKey = randomBytes(32).toString('base64')
  const keys = new Map<string, { key: string; hash: string }>()
  const digestOf = (authorization: string) => hash('sha256', digestKey + authorization, 'base64')
  return {
    async recall(authorization: string): Promise<Caller | null> {
      const known = keys.get(digestOf(authorization))
      if (!known) return null
      const found = await lookup(known.key)
      return found && found.row.hash === known.hash && !whyEnded(found.row) ? found.caller : null
    },
    remember(authorization: string, key: string, hash: string): void {
      if (keys.size >= CACHED) keys.clear()
      keys.set(digestOf(authorization), { key, hash })
    },
  }
}

/** One look at the store per key and `FRESH_MS`, shared by all requests of that time. */
function createLookup(system: Collections) {
  const cache = new Map<
    string,
    { at: number; found: Promise<{ row: CredentialRow; caller: Caller } | null> }
  >()
  async function load(key: string) {
    const row = (await system.get(CREDENTIALS, key))?.value
    if (!row) return null
    const source = (await system.get(SOURCES, sourceKey(row.tenant, row.source)))?.value
    return source ? { row, caller: callerFor(source, row.key, row.scopes) } : null
  }
  return (key: string) => {
    const now = Date.now()
    const cached = cache.get(key)
    if (cached && now - cached.at < FRESH_MS && now >= cached.at) return cached.found
    if (cache.size >= CACHED) cache.clear()
    const found = load(key)
    cache.delete(key)
    cache.set(key, { at: now, found })
    found.catch(() => cache.delete(key))
    return found
  }
}

function challengesOf(challenges: unknown): string[] {
  const given = Array.isArray(challenges) ? challenges.filter((one) => typeof one === 'string') : []
  return given.length > 0 ? given : ['Basic realm="xAPI"', 'Bearer realm="xAPI"']
}

const MISSING: Problem = {
  id: 'authorization-missing',
  status: 401,
  path: 'header Authorization',
  message: 'Send the key and secret of a credential as HTTP Basic, or as Bearer token "<key>.<secret>".',
}
const WRONG: Problem = {
  id: 'authorization-wrong',
  status: 401,
  path: 'header Authorization',
  message:
    'Key and secret do not belong together, or the header is malformed. Check both, or ask the operator.',
}
const EXPIRED: Problem = {
  id: 'credential-expired',
  status: 401,
  path: 'header Authorization',
  message: 'This credential has expired. Ask the operator of the record store for a new one.',
}
const REVOKED: Problem = {
  id: 'credential-revoked',
  status: 401,
  path: 'header Authorization',
  message: 'This credential was revoked. Ask the operator of the record store for a new one.',
}
const BUSY: Problem = {
  id: 'authorization-busy',
  status: 429,
  path: 'header Authorization',
  message: 'Too many unknown secrets are being tried now. Wait a second and send the request again.',
}

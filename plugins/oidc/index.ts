import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { ProvenIdentity, ProviderChecks, ProviderFailure, SignInProvider } from '../plugin.ts'

export interface OidcProvider {
  id: string
  name: string
  issuer: string
  clientId: string
  /** Absent: a public client; PKCE is used in any case. */
  clientSecret?: string
  scopes: string
  /** Names of claims; `verified` names the one that says so, or is true where this provider gives only verified ones. */
  claims: {
    name: string
    email?: { claim: string; verified: string | true }
    phone?: { claim: string; verified: string | true }
  }
}

/** What the provider tells of itself is asked for again after this, so that changed keys and addresses are found. */
const KEEP_MS = 3_600_000
const TIMEOUT_S = 10

/** Sign-in by the authorization code flow of OpenID Connect, with PKCE, state and nonce. */
export function createOidcProvider(provider: OidcProvider): SignInProvider {
  let known: { at: number; configuration: Promise<Configuration> } | null = null

  function configurationOf(): Promise<Configuration> {
    if (known && Date.now() - known.at < KEEP_MS) return known.configuration
    const { issuer, clientId, clientSecret } = provider
    const configuration = discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: TIMEOUT_S,
      // Plain http is let pass by the configuration for this machine alone.
      ...(issuer.startsWith('http:') && { execute: [allowInsecureRequests] }),
    })
    known = { at: Date.now(), configuration }
    // What failed is not kept: the next one asks again.
    configuration.catch(() => {
      known = null
    })
    return configuration
  }

  return {
    id: provider.id,
    name: provider.name,

    async begin(back, { anew = false } = {}) {
      try {
        const configuration = await configurationOf()
        const checks = {
          state: randomState(),
          nonce: randomNonce(),
          verifier: randomPKCECodeVerifier(),
          ...(anew && { anew: Date.now() }),
        }
        const url = buildAuthorizationUrl(configuration, {
          redirect_uri: back,
          scope: provider.scopes,
          state: checks.state,
          nonce: checks.nonce,
          code_challenge: await calculatePKCECodeChallenge(checks.verifier),
          code_challenge_method: 'S256',
          ...(anew && { prompt: 'login', max_age: '0' }),
        })
        return { ok: true, url: url.href, checks }
      } catch (error) {
        return failureOf(error)
      }
    },

    async finish(address, checks) {
      try {
        const configuration = await configurationOf()
        return { ok: true, identity: await identityOf(configuration, provider, address, checks) }
      } catch (error) {
        return failureOf(error)
      }
    },
  }
}

async function identityOf(
  configuration: Configuration,
  provider: OidcProvider,
  address: string,
  { state, nonce, verifier, anew }: ProviderChecks,
): Promise<ProvenIdentity> {
  const tokens = await authorizationCodeGrant(configuration, new URL(address), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    // By `auth_time`, which a provider that was asked for a maximum age must tell (OpenID Connect Core 3.1.2.1).
    ...(anew !== undefined && { maxAge: Math.ceil((Date.now() - anew) / 1000) }),
  })
  const told = tokens.claims()
  if (!told) throw new Error('an id token was expected and is not there')
  // Many providers tell names and addresses only here.
  const more = configuration.serverMetadata().userinfo_endpoint
    ? await fetchUserInfo(configuration, tokens.access_token, told.sub)
    : {}
  const claims: Record<string, unknown> = { ...told, ...more }
  const verified = (kind: 'email' | 'phone') => {
    const at = provider.claims[kind]
    if (!at || (at.verified !== true && claims[at.verified] !== true)) return null
    return textOf(claims[at.claim])
  }
  return {
    issuer: told.iss,
    subject: told.sub,
    name: textOf(claims[provider.claims.name]),
    email: verified('email'),
    phone: verified('phone'),
  }
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

/** Its words may quote what was sent, so only names and numbers are told. Anything unknown is a bug and thrown on. */
function failureOf(error: unknown): ProviderFailure {
  const failed = (reason: ProviderFailure['reason'], code: string) => ({ ok: false as const, reason, code })
  if (error instanceof AuthorizationResponseError)
    return failed(error.error === 'access_denied' ? 'declined' : 'refused', error.error)
  if (error instanceof ResponseBodyError)
    return failed(error.status >= 500 ? 'unreachable' : 'refused', `${error.status} ${error.error}`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('OAUTH_')) return failed(OUTAGES.includes(code) ? 'unreachable' : 'refused', code)
  // How fetch tells that nobody is there.
  if (error instanceof TypeError && error.cause) return failed('unreachable', 'fetch')
  throw error
}

/** It took too long, or what answered is no provider: a gateway's page of failure, say. */
const OUTAGES = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]

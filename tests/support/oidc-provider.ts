import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error: it brings no types.
import { Provider as Untyped } from 'oidc-provider'

/** As much of oidc-provider, which brings no types, as is used here. */
interface RealProvider {
  callback(): (req: IncomingMessage, res: ServerResponse) => void
  interactionFinished(req: IncomingMessage, res: ServerResponse, result: object): Promise<void>
}
const Provider = Untyped as new (issuer: string, configuration: object) => RealProvider

export const CLIENT = { id: 'suotdoi', secret: 'only for tests, only for tests' }

export interface TestProvider {
  issuer: string
  /** Who is signed in there; null: they leave without signing in. */
  account: ({ sub: string } & Record<string, unknown>) | null
  /** Makes the provider that stands at `issuer`; from then on people come back to these addresses. */
  open(redirectUris: readonly string[]): void
  close(): Promise<void>
}

/** A real OpenID provider (oidc-provider), at which whoever comes is signed in as `account`. */
export async function startTestProvider(): Promise<TestProvider> {
  let answer: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) => res.writeHead(503).end()
  const server = await new Promise<Server>((done) => {
    const made = createServer((req, res) => answer(req, res))
    made.listen(0, '127.0.0.1', () => done(made))
  })
  const test: TestProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account: null,
    open(redirectUris) {
      const provider = new Provider(test.issuer, configurationOf(test, redirectUris))
      const callback = provider.callback()
      answer = (req, res) => {
        if (!req.url?.startsWith('/interaction/')) return callback(req, res)
        const { account } = test
        const result = account ? { login: { accountId: account.sub } } : { error: 'access_denied' }
        provider.interactionFinished(req, res, result).catch(() => res.writeHead(400).end())
      }
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
  return test
}

function configurationOf(test: TestProvider, redirectUris: readonly string[]): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' }] },
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    ttl: {
      Interaction: 600,
      Grant: 600,
      Session: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ ...test.account, sub: id }),
    }),
    // Nobody is asked what the client may see.
    async loadExistingGrant(context: {
      oidc: {
        client: { clientId: string }
        session: { accountId: string }
        provider: {
          Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<unknown> }
        }
      }
    }) {
      const { client, session, provider } = context.oidc
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  }
}

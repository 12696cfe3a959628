import { Ajv2020 } from 'ajv/dist/2020.js'
import { createOidcProvider, type OidcProvider } from '../plugins/oidc/index.ts'
import type { SignInProvider } from '../plugins/plugin.ts'
import schema from '../schemas/sign-in-providers.json' with { type: 'json' }
import type { Config } from './config.ts'
import type { Log } from './observability/log.ts'

const validate = new Ajv2020({
  allErrors: true,
  useDefaults: true,
  meta: false,
  validateSchema: false,
}).compile<OidcProvider[]>(schema)

/** The providers that SIGN_IN_PROVIDERS names, or what is wrong with it; no value of it is repeated: there are secrets. */
export function readProviders(
  text: string,
): { ok: true; providers: OidcProvider[] } | { ok: false; message: string } {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { ok: false, message: 'SIGN_IN_PROVIDERS: is not JSON. See docs/operations.md for an example.' }
  }
  if (!validate(given)) {
    const wrong = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || 'it'} ${message}`,
    )
    return {
      ok: false,
      message: `SIGN_IN_PROVIDERS: ${wrong.join('; ')}. See docs/operations.md for an example.`,
    }
  }
  const ids = given.map(({ id }) => id)
  if (new Set(ids).size < ids.length)
    return { ok: false, message: 'SIGN_IN_PROVIDERS: two have the same id.' }
  return { ok: true, providers: given }
}

/** The providers at work; what fails of them is in the log, by name and code alone. */
export function signInProviders(
  { signInProviders: text }: Pick<Config, 'signInProviders'>,
  log: Pick<Log, 'warn'>,
): SignInProvider[] {
  const read = text === null ? null : readProviders(text)
  return read?.ok ? read.providers.map((each) => toldOf(createOidcProvider(each), log)) : []
}

function toldOf(provider: SignInProvider, log: Pick<Log, 'warn'>): SignInProvider {
  const { id: name } = provider
  const told = <T extends { ok: true } | { ok: false; reason: string; code: string }>(outcome: T): T => {
    if (!outcome.ok && outcome.reason !== 'declined')
      log.warn({ provider: name, reason: outcome.reason, code: outcome.code }, 'sign-in by a provider failed')
    return outcome
  }
  return {
    ...provider,
    begin: async (back) => told(await provider.begin(back)),
    finish: async (address, checks) => told(await provider.finish(address, checks)),
  }
}

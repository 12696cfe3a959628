import { resolve } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import schema from '../schemas/config.json' with { type: 'json' }

/** What the environment says, checked. */
export interface Config {
  port: number
  host: string
  /** Where health and metrics are asked for. */
  internalPort: number
  internalHost: string
  /** Origin without a trailing slash; null: `http://localhost:<port>`, known once the server listens. */
  publicUrl: string | null
  /** Number of proxies whose forwarding headers are believed. */
  trustProxy: number
  /** Absolute path. */
  dataDir: string
  /** May hold a password: open-store.ts names it without. */
  storeUrl: string
  tenantName: string
  /** The first credential, where the environment names one. */
  firstCredential: { key: string; secret: string } | null
  logLevel: string
  development: boolean
}

interface Variable {
  description: string
  expected: string
  default?: string | number
  secret?: boolean
}
const VARIABLES: Readonly<Record<string, Variable>> = schema.properties

const ajv = new Ajv2020({
  allErrors: true,
  coerceTypes: true,
  useDefaults: true,
  // The schema is ours and a test validates it: to compile the meta-schema takes ten times as long as all of this.
  meta: false,
  validateSchema: false,
})
ajv.addVocabulary(['expected', 'secret'])
const validate = ajv.compile(schema)

/**
 * Reads the configuration from environment variables (schemas/config.json). An empty variable counts as absent, as
 * compose files pass them on. Every message names its variable and says what would be right; secrets are not repeated.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): { ok: true; config: Config } | { ok: false; messages: string[] } {
  const given = Object.fromEntries(
    Object.keys(VARIABLES).flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  )
  // Ajv turns the strings of the environment into the schema's types, in place.
  const values: Record<string, unknown> = { ...given }
  const messages = validate(values) ? [] : (validate.errors ?? []).map((error) => explain(error, given))
  if (messages.length > 0) return { ok: false, messages: [...new Set(messages)] }

  const { LRS_KEY, LRS_SECRET, PUBLIC_URL } = values
  return {
    ok: true,
    config: {
      port: Number(values.PORT),
      host: String(values.HOST),
      internalPort: Number(values.INTERNAL_PORT),
      internalHost: String(values.INTERNAL_HOST),
      publicUrl: PUBLIC_URL ? String(PUBLIC_URL).replace(/\/$/, '') : null,
      trustProxy: Number(values.TRUST_PROXY),
      dataDir: resolve(String(values.DATA_DIR)),
      storeUrl: String(values.STORE_URL),
      tenantName: String(values.TENANT_NAME),
      firstCredential: LRS_KEY ? { key: String(LRS_KEY), secret: String(LRS_SECRET) } : null,
      logLevel: String(values.LOG_LEVEL),
      development: values.NODE_ENV === 'development',
    },
  }
}

function explain(error: ErrorObject, given: Readonly<Record<string, string>>): string {
  if (error.keyword === 'dependentRequired') {
    const { property, missingProperty } = error.params
    return `${missingProperty}: is missing, and ${property} needs it. Set both LRS_KEY and LRS_SECRET, or none of them.`
  }
  const name = error.instancePath.slice(1)
  const variable = VARIABLES[name]
  if (!variable) return `${name || 'configuration'}: ${error.message}`
  const seen = variable.secret ? '' : ` is ${JSON.stringify(given[name])}, but`
  return `${name}:${seen} must be ${variable.expected}${fallback(variable, '; left out, it is ')}.`
}

/** The variables with their meaning and default, one paragraph each, for `--help`. */
export function describeVariables(): string {
  return Object.entries(VARIABLES)
    .map(([name, v]) => `  ${name.padEnd(15)}${v.description}${fallback(v, ' Default: ')}`)
    .join('\n')
}

function fallback(variable: Variable, words: string): string {
  return variable.default === undefined ? '' : `${words}${variable.default}`
}

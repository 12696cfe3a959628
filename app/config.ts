import { resolve } from 'node:path'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Limits } from '../h5p/index.ts'
import { type SmsGateway, smsGatewayProblem } from '../plugins/sms-gateway/index.ts'
import schema from '../schemas/config.json' with { type: 'json' }
import { readProviders } from './sign-in-providers.ts'

/** What the environment says, checked. */
export interface Config {
  port: number
  host: string
  /** Where health and metrics are asked for. */
  internalPort: number
  internalHost: string
  /** Origin without a trailing slash; null: `http://localhost:<port>`, known once the server listens. */
  publicUrl: string | null
  /** Origin of its own for lessons, without a trailing slash; null: they are framed from the one of `publicUrl`. */
  playerUrl: string | null
  /** Number of proxies whose forwarding headers are believed. */
  trustProxy: number
  /** Absolute path. */
  dataDir: string
  /** May hold a password: open-store.ts names it without. */
  storeUrl: string
  tenantName: string
  /** The first credential, where the environment names one. */
  firstCredential: { key: string; secret: string } | null
  /** JSON of schemas/sign-in-providers.json; null: people sign in here alone. */
  signInProviders: string | null
  /** Who must sign in with two steps. */
  secondStep: 'optional' | 'operators'
  logLevel: string
  /** Mail server, with its password, and the sender; null sends no e-mail. */
  smtpUrl: string | null
  mailFrom: string | null
  /** The gateway for text messages (plugins/sms-gateway); null sends none. */
  smsUrl: string | null
  smsMethod: SmsGateway['method']
  smsHeader: string | null
  smsBody: string | null
  smsSuccess: string | null
  smsDiacritics: boolean
  /** What an uploaded lesson may weigh and hold. */
  lessonLimits: Pick<
    Limits,
    'packageBytes' | 'unpackedBytes' | 'fileBytes' | 'files' | 'ratio' | 'contentKinds'
  >
  /** The clamd that looks through uploaded lessons; null: none does. */
  clamav: { host: string; port: number } | null
  development: boolean
}

interface Variable {
  description: string
  expected: string
  default?: string | number
  secret?: boolean
}
const VARIABLES: Readonly<Record<string, Variable>> = schema.properties

const MB = 1024 * 1024

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

  const { LRS_KEY, LRS_SECRET, PUBLIC_URL, PLAYER_URL } = values
  const config: Config = {
    port: Number(values.PORT),
    host: String(values.HOST),
    internalPort: Number(values.INTERNAL_PORT),
    internalHost: String(values.INTERNAL_HOST),
    publicUrl: PUBLIC_URL ? String(PUBLIC_URL).replace(/\/$/, '') : null,
    playerUrl: PLAYER_URL ? String(PLAYER_URL).replace(/\/$/, '') : null,
    trustProxy: Number(values.TRUST_PROXY),
    dataDir: resolve(String(values.DATA_DIR)),
    storeUrl: String(values.STORE_URL),
    tenantName: String(values.TENANT_NAME),
    firstCredential: LRS_KEY ? { key: String(LRS_KEY), secret: String(LRS_SECRET) } : null,
    signInProviders: textOf(values.SIGN_IN_PROVIDERS),
    secondStep: values.SECOND_STEP === 'operators' ? 'operators' : 'optional',
    logLevel: String(values.LOG_LEVEL),
    smtpUrl: textOf(values.SMTP_URL),
    mailFrom: textOf(values.MAIL_FROM),
    smsUrl: textOf(values.SMS_URL),
    smsMethod: values.SMS_METHOD as SmsGateway['method'],
    smsHeader: textOf(values.SMS_HEADER),
    smsBody: textOf(values.SMS_BODY),
    smsSuccess: textOf(values.SMS_SUCCESS),
    smsDiacritics: values.SMS_DIACRITICS === 'yes',
    lessonLimits: {
      packageBytes: Number(values.H5P_PACKAGE_MB) * MB,
      unpackedBytes: Number(values.H5P_UNPACKED_MB) * MB,
      fileBytes: Number(values.H5P_FILE_MB) * MB,
      files: Number(values.H5P_FILES),
      ratio: Number(values.H5P_RATIO),
      contentKinds: String(values.H5P_KINDS).split(' '),
    },
    clamav: addressOf(values.CLAMAV_ADDRESS),
    development: values.NODE_ENV === 'development',
  }
  const why = whyNoPlayer(config)
  if (why !== null) return { ok: false, messages: [why] }
  const providers = config.signInProviders === null ? null : readProviders(config.signInProviders)
  if (providers?.ok === false) return { ok: false, messages: [providers.message] }
  const gateway = smsGatewayOf(config)
  const problem = gateway && smsGatewayProblem(gateway)
  if (problem) return { ok: false, messages: [`SMS_${problem.part.toUpperCase()}: ${problem.problem}.`] }
  return { ok: true, config }
}

/** Cookies know hosts, not ports; and a page of https frames no other. */
function whyNoPlayer({ publicUrl, playerUrl }: Config): string | null {
  if (publicUrl === null || playerUrl === null) return null
  const [ours, player] = [new URL(publicUrl), new URL(playerUrl)]
  if (ours.hostname === player.hostname)
    return `PLAYER_URL: must have another host than PUBLIC_URL, such as player.${ours.hostname}. Another port is not enough: cookies of one host go to all its ports.`
  if (ours.protocol === 'https:' && player.protocol !== 'https:')
    return 'PLAYER_URL: must begin with https://, as PUBLIC_URL does; browsers show no other frame in it.'
  return null
}

/** The gateway for text messages as its plugin wants it; null where none is set. */
export function smsGatewayOf(config: Config): SmsGateway | null {
  if (config.smsUrl === null) return null
  return {
    url: config.smsUrl,
    method: config.smsMethod,
    header: config.smsHeader ?? undefined,
    body: config.smsBody ?? undefined,
    success: config.smsSuccess ?? undefined,
    diacritics: config.smsDiacritics,
  }
}

function addressOf(value: unknown): Config['clamav'] {
  if (!value) return null
  const [, host, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(String(value))!
  return { host: host!, port: Number(port) }
}

const textOf = (value: unknown) => (value ? String(value) : null)

/** Settings that stand together, in their order. */
const BOTH: Readonly<Record<string, string>> = {
  PLAYER_URL: 'PUBLIC_URL and PLAYER_URL',
  LRS_KEY: 'LRS_KEY and LRS_SECRET',
  LRS_SECRET: 'LRS_KEY and LRS_SECRET',
  SMTP_URL: 'SMTP_URL and MAIL_FROM',
  MAIL_FROM: 'SMTP_URL and MAIL_FROM',
}

function explain(error: ErrorObject, given: Readonly<Record<string, string>>): string {
  if (error.keyword === 'dependentRequired') {
    const { property, missingProperty } = error.params
    return `${missingProperty}: is missing, and ${property} needs it. Set both ${BOTH[property] ?? property}, or none of them.`
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
    .map(([name, v]) => `  ${name.padEnd(18)}${v.description}${fallback(v, ' Default: ')}`)
    .join('\n')
}

function fallback(variable: Variable, words: string): string {
  return variable.default === undefined ? '' : `${words}${variable.default}`
}

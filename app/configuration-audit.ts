import { appendAudit, defineCollection, type Tenant } from '../lrs/index.ts'
import type { Storage } from '../lrs/storage/port.ts'
import schema from '../schemas/config.json' with { type: 'json' }
import type { Config } from './config.ts'

/** Key: `server`. The settings with which the server ran last. */
const CONFIGURATION = defineCollection<Record<string, string>>('configuration')
const KEY = 'server'

/** What each process has of its own beside others. */
const OF_ONE_PROCESS = ['PORT', 'HOST', 'INTERNAL_PORT', 'INTERNAL_HOST', 'DATA_DIR']

/**
 * Appends to the audit what is set otherwise than at the last start; nothing when nothing is. Of processes that start
 * together with a change each may append it.
 */
export async function noteConfiguration(
  { system, shared }: Pick<Storage, 'system' | 'shared'>,
  tenant: Tenant['id'],
  config: Config,
): Promise<void> {
  const now = settingsOf(config)
  if (shared) for (const name of OF_ONE_PROCESS) delete now[name]
  const last = await system.get(CONFIGURATION, KEY)
  const names = [...new Set([...Object.keys(last?.value ?? {}), ...Object.keys(now)])].sort()
  const changed = names.filter((name) => last?.value[name] !== now[name])
  if (changed.length === 0) return
  const detail = changed.map((name) => {
    const before = last ? `${last.value[name] ?? NOT_SET} → ` : ''
    return `${name}: ${before}${now[name] ?? NOT_SET}`
  })
  await system.batch([
    { op: 'put', collection: CONFIGURATION, key: KEY, value: now },
    appendAudit({ tenant, actor: 'start', action: 'configuration-change', detail: { changed: detail } }),
  ])
}

const NOT_SET = 'not set'
/** Settings that stand under another name in `Config`. */
const NAMES: Readonly<Record<string, string>> = { firstCredential: 'LRS_SECRET', development: 'NODE_ENV' }
const VARIABLES: Readonly<Record<string, { description: string; secret?: boolean }>> = schema.properties

/** The settings by the names of their variables; of a secret only whether it is set. */
function settingsOf(config: Config): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]: [string, unknown]) => {
      const name = NAMES[key] ?? key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
      const hidden = VARIABLES[name]?.secret || typeof value === 'object'
      if (value === null || value === undefined) return [name, NOT_SET]
      if (hidden) return [name, 'set']
      return [name, key === 'development' ? (value ? 'development' : 'production') : String(value)]
    }),
  )
}

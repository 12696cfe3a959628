import { createAuthenticate, defineCollection, type Source } from '../lrs/index.ts'
import { SET_UP, SET_UP_KEY } from '../profiles/accounts/documents.ts'
import type { Announcement } from './announce.ts'
import type { Config } from './config.ts'
import type { Log } from './observability/log.ts'
import type { Services } from './services.ts'

/** Key: the program. What it told once is not told again. */
const FIRST_STARTS = defineCollection<{ at: number }>('first-starts')
const DONE = 'suotdoi'
const BY = 'start'

/** The source of the first credential; the operator renames it when it is known what sends. */
const FIRST_SOURCE = 'Hệ thống học tập'

/**
 * Makes the first credential (from LRS_KEY and LRS_SECRET, where given) and the set-up link at the first start; null at
 * every later one. `firstStartTold` closes it, so a start that is cut off before it could tell is a first start again.
 */
export async function prepareFirstStart(
  services: Services,
  config: Config,
  log: Log,
): Promise<Announcement['first']> {
  const { storage, profiles, publicUrl } = services
  const before = await storage.system.get(FIRST_STARTS, DONE)
  if (config.firstCredential) await holdGiven(services, config.firstCredential, log)
  if (before) return null
  const token = await profiles.accounts.setupToken()
  return {
    setupLink: token === null ? null : `${publicUrl()}/setup/${token}`,
    credential: await firstCredential(services, config),
  }
}

export async function firstStartTold({ storage }: Services): Promise<void> {
  await storage.system.insert(FIRST_STARTS, DONE, { at: Date.now() })
}

/** Asked without `setupToken`, which would end the link that was printed. */
export async function hasOperator({ tenantStorage }: Services): Promise<boolean> {
  return (await tenantStorage.collections.get(SET_UP, SET_UP_KEY))?.value.tokenHash === null
}

async function firstCredential(
  services: Services,
  config: Config,
): Promise<NonNullable<Announcement['first']>['credential']> {
  if (config.firstCredential) return { key: config.firstCredential.key, secret: null, source: FIRST_SOURCE }
  const source = await firstSource(services)
  const issued = await services.sources.issue(source.id, { label: 'first start' }, BY)
  if ('ok' in issued) throw new Error(`The first credential was refused: ${issued.problems[0]?.message}`)
  return { key: issued.credential.key, secret: issued.secret, source: source.name }
}

/** The credential of the environment is there; a secret that was changed since is told in the log, not overwritten. */
async function holdGiven(
  services: Services,
  given: { key: string; secret: string },
  log: Log,
): Promise<void> {
  const { sources, storage } = services
  const known = (await sources.credentials()).some((credential) => credential.key === given.key)
  if (!known) {
    const source = await firstSource(services)
    const issued = await sources.issue(source.id, { label: 'LRS_KEY', ...given }, BY)
    if ('ok' in issued) throw new Error(`LRS_KEY and LRS_SECRET were refused: ${issued.problems[0]?.message}`)
    return
  }
  const header = `Basic ${Buffer.from(`${given.key}:${given.secret}`).toString('base64')}`
  if (!(await createAuthenticate(storage.system)(header)).ok)
    log.warn(
      { credential: given.key },
      'LRS_KEY is there, but not valid with this LRS_SECRET: it was rotated or revoked since, or the secret was mistyped',
    )
}

async function firstSource({ sources }: Services): Promise<Source> {
  const known = (await sources.list()).find((source) => source.name === FIRST_SOURCE)
  if (known) return known
  const made = await sources.create({ name: FIRST_SOURCE, kind: 'lms' }, BY)
  if ('ok' in made) throw new Error(`The first source was refused: ${made.problems[0]?.message}`)
  return made
}

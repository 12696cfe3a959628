import type { Credential, RequestNote, Source } from '../../lrs/index.ts'
import type { WebServices } from '../services.ts'

const HOUR = 3_600_000
/** Statements of the last hour are counted up to here. */
const COUNTED = 200

/** Where the connection of a source stands, as far as this process knows it. */
export interface Connection {
  /** `ready`: nothing may send yet. `reached`: a request was accepted, but no statement is there. */
  state: 'ready' | 'waiting' | 'reached' | 'connected' | 'refused'
  /** Newest first. */
  requests: RequestNote[]
  lastRefused: RequestNote | null
  /** When its first statement was stored, ms. */
  first: number | null
  /** Statements of the last hour; `more`: there are more than these. */
  hour: { count: number; more: boolean }
}

export async function readConnection(
  services: WebServices,
  source: Source,
  credentials: readonly Credential[],
  now = Date.now(),
): Promise<Connection> {
  const requests = services.requests.recent(source.id)
  const lastRefused = requests.find(refused) ?? null
  const [first, hour] = await Promise.all([
    firstStored(services, source.id),
    storedSince(services, source.id, now - HOUR),
  ])
  const state =
    requests[0] && refused(requests[0])
      ? 'refused'
      : first !== null
        ? 'connected'
        : requests.length > 0
          ? 'reached'
          : credentials.some((each) => isValid(each, now))
            ? 'waiting'
            : 'ready'
  return { state, requests, lastRefused, first, hour }
}

export const refused = (note: RequestNote) => note.status >= 400

export function isValid(credential: Credential, now = Date.now()): boolean {
  return (
    (credential.revoked === null || credential.revoked > now) &&
    (credential.expires === null || credential.expires > now)
  )
}

/** When it was last used, among the requests that are remembered; a 401 proved nothing. */
export function lastUse(requests: readonly RequestNote[], key: string): number | null {
  return requests.find((note) => note.credential === key && note.status !== 401)?.at ?? null
}

const own = (services: WebServices, source: string) =>
  services.sources.callerOf(source, 'web', ['statements/read/mine'])

async function firstStored(services: WebServices, source: string): Promise<number | null> {
  const page = await services.lrs.queryStatements(await own(services, source), {
    keys: [],
    ascending: true,
    limit: 1,
    maxBytes: 1,
    includeVoided: true,
  })
  return 'statements' in page ? (page.statements[0]?.stored ?? null) : null
}

async function storedSince(
  services: WebServices,
  source: string,
  since: number,
): Promise<Connection['hour']> {
  const page = await services.lrs.queryStatements(await own(services, source), {
    keys: [],
    ascending: false,
    since,
    limit: COUNTED,
    maxBytes: 1_000_000,
    includeVoided: true,
  })
  return 'statements' in page ? { count: page.statements.length, more: page.more } : { count: 0, more: false }
}

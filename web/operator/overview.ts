import type { ConsumerState, Credential, Source } from '../../lrs/index.ts'
import type { Figures } from '../figures.ts'
import { refused } from '../lms/connection.ts'
import type { WebServices } from '../services.ts'

export const RANGES = ['hours', 'days'] as const
export type Range = (typeof RANGES)[number]
const STEPS = { hours: { step: 'hour', count: 24 }, days: { step: 'day', count: 30 } } as const
const DAYS = 30
const CHANNELS = ['email', 'phone'] as const

/** Everything that the operator's home page tells. */
export interface Overview {
  range: Range
  /** The range, hour by hour or day by day, and as one. */
  steps: readonly Figures[]
  sum: Figures
  /** The last hour and the last thirty days, whatever the range. */
  lastHour: Figures
  days: readonly Figures[]
  sources: readonly Source[]
  credentials: readonly Credential[]
  consumers: readonly ConsumerState[]
  /** Sources whose last request was refused. */
  refusedNow: readonly Source[]
  /** Operators may sign in with a password alone. */
  oneStep: boolean
  /** Codes and notices go nowhere by these channels, or are not taken. */
  silent: readonly ('email' | 'phone')[]
  failing: readonly ('email' | 'phone')[]
  /** Requests for libraries that wait for a decision. */
  libraryRequests: number
  /** The malware scanner is set up and does not answer. */
  scannerFails: boolean
  /** When the last backup was made, as the audit tells. */
  backup: number | null
  /** What lessons refused today and yesterday (UTC), by problem. */
  lessonsRefused: readonly { problem: string; count: number }[]
}

export async function readOverview(services: WebServices, range: Range): Promise<Overview> {
  const { history } = services
  const { step, count } = STEPS[range]
  const [
    steps,
    sum,
    lastHour,
    days,
    sources,
    credentials,
    consumers,
    upkeep,
    libraryRequests,
    scans,
    ofLessons,
  ] = await Promise.all([
    history.last(step, count),
    history.sum(range === 'hours' ? count : count * 24),
    history.sum(1),
    history.last('day', DAYS),
    services.sources.list(),
    services.sources.credentials(),
    services.consumers(),
    services.audit({ kind: 'operation', limit: 100 }),
    services.host.libraries.countWaiting(),
    services.malware?.ready() ?? true,
    services.host.refusals(2),
  ])
  return {
    range,
    steps,
    sum,
    lastHour,
    days,
    sources,
    credentials,
    consumers,
    refusedNow: sources.filter(({ id }) => services.requests.recent(id).slice(0, 1).some(refused)),
    oneStep: !services.secondStepForOperators,
    silent: CHANNELS.filter((channel) => !services.messages.carries(channel)),
    failing: CHANNELS.filter(services.messages.failing),
    libraryRequests,
    scannerFails: !scans,
    backup: upkeep.entries.find(({ action }) => action === 'backup')?.at ?? null,
    lessonsRefused: ofLessons,
  }
}

export function nameOf({ sources }: Pick<Overview, 'sources'>, id: string): string | null {
  return sources.find((source) => source.id === id)?.name ?? (id === '' ? null : id)
}

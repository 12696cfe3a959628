import { type Problem, type Refusal, refuse } from '../../problem.ts'
import type { StatementFormat } from '../../statement/format.ts'
import { statementKey } from '../../statement/keys.ts'
import { readParameters } from '../parameters.ts'
import type { XapiRequest } from '../request.ts'
import type { PageLimits } from '../services.ts'
import type { Cursor } from './cursor.ts'

/** What a GET of statements asks for: one by its id, a list, or the rest of one. */
export type Asked =
  | { kind: 'one'; id: string; voided: boolean; format: StatementFormat; attachments: boolean }
  | { kind: 'list'; query: Cursor['query']; format: StatementFormat; attachments: boolean }
  | { kind: 'more'; cursor: string }

const PARAMETERS = {
  statementId: 'uuid',
  voidedStatementId: 'uuid',
  agent: 'agent',
  verb: 'iri',
  activity: 'iri',
  registration: 'uuid',
  related_activities: 'boolean',
  related_agents: 'boolean',
  since: 'timestamp',
  until: 'timestamp',
  limit: 'count',
  format: 'string',
  attachments: 'boolean',
  ascending: 'boolean',
  more: 'string',
} as const

/** 1.0.3 Communication 2.1.3; 2.0 4.1.6.1. */
export function readAsked(
  request: Pick<XapiRequest, 'query' | 'version'>,
  page: PageLimits,
): ({ ok: true } & Asked) | Refusal {
  const read = readParameters(request, PARAMETERS)
  if (!read.ok) return read
  const { statementId, voidedStatementId, agent, verb, activity, registration, more, ...rest } = read.values
  const { since, until, ascending = false, attachments = false, limit = 0, format = 'exact' } = rest
  if (more !== undefined)
    return request.query.size > 1 ? refuse(MORE_ALONE) : { ok: true, kind: 'more', cursor: more }
  if (!isFormat(format)) return refuse(FORMAT)

  const id = statementId ?? voidedStatementId
  if (id !== undefined) {
    if (statementId !== undefined && voidedStatementId !== undefined) return refuse(BOTH_IDS)
    const others = [...request.query.keys()].filter((name) => !BESIDE_ID.has(name))
    if (others.length > 0) return refuse(besideId(others))
    return { ok: true, kind: 'one', id, voided: voidedStatementId !== undefined, format, attachments }
  }

  const keys: string[] = []
  if (agent !== undefined)
    keys.push(rest.related_agents ? statementKey.relatedAgent(agent) : statementKey.agent(agent))
  if (verb !== undefined) keys.push(statementKey.verb(verb))
  if (activity !== undefined) {
    keys.push(
      rest.related_activities ? statementKey.relatedActivity(activity) : statementKey.activity(activity),
    )
  }
  if (registration !== undefined) keys.push(statementKey.registration(registration))
  const bounded = limit === 0 ? page.statements : Math.min(limit, page.statements)
  const times = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
  return { ok: true, kind: 'list', query: { keys, ...times, ascending, limit: bounded }, format, attachments }
}

const BESIDE_ID = new Set(['statementId', 'voidedStatementId', 'attachments', 'format'])
const isFormat = (format: string): format is StatementFormat => ['ids', 'exact', 'canonical'].includes(format)

const MORE_ALONE: Problem = {
  id: 'more-alone',
  status: 400,
  path: 'parameter more',
  message: 'Follow "more" as it was given, without other parameters.',
}
const FORMAT: Problem = {
  id: 'format-unknown',
  status: 400,
  path: 'parameter format',
  message: 'format must be ids, exact or canonical.',
}
const BOTH_IDS: Problem = {
  id: 'statement-ids-both',
  status: 400,
  path: 'parameter voidedStatementId',
  message: 'Ask with statementId or with voidedStatementId, not with both.',
}
const besideId = (names: string[]): Problem => ({
  id: 'statement-id-with-filters',
  status: 400,
  path: `parameter ${names[0]}`,
  message: `With an id only format and attachments can be given; leave out ${names.join(', ')}.`,
})

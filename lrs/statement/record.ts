/** Everything the store needs to know of a statement, computed once from its own content. */
import { allows, type Caller } from '../caller.ts'
import type { StatementRecord } from '../storage/port.ts'
import { agentKey } from './agent-key.ts'
import { findActors } from './agents.ts'
import { type JsonNode, member, stringIn } from './json.ts'
import { statementKey } from './keys.ts'

export const VOIDED = 'http://adlnet.gov/expapi/verbs/voided'

/** What can be read off the statement's text alone. */
export type Content = Pick<StatementRecord, 'keys' | 'refersTo' | 'voiding' | 'definitions' | 'names'>

/** `authority` is the agent key of the statement's authority. The statement must be valid. */
export function contentOf(text: string, statement: JsonNode, authority: string | null): Content {
  const verb = stringIn(text, member(statement, 'verb'), 'id')
  const registration = stringIn(text, member(statement, 'context'), 'registration')
  const object = member(statement, 'object')
  const refersTo =
    stringIn(text, object, 'objectType') === 'StatementRef' ? stringIn(text, object, 'id') : null

  const keys: string[] = []
  if (verb !== null) keys.push(statementKey.verb(verb))
  if (registration !== null) keys.push(statementKey.registration(registration))
  const agents = new Set<string>()
  /** Those of every place, with the name that the last one had. */
  const relatedAgents = new Map<string, string | null>()
  for (const { key, place, node, isMember } of findActors(text, statement)) {
    if (key === null) continue
    if (place === 'actor' && !isMember) keys.push(statementKey.actor(key))
    if (place !== 'related') agents.add(key)
    relatedAgents.set(key, stringIn(text, node, 'name') || (relatedAgents.get(key) ?? null))
  }
  const names = named(relatedAgents).map(([agent, name]) => ({ agent, name }))
  if (authority !== null) relatedAgents.set(authority, null)
  for (const key of agents) keys.push(statementKey.agent(key))
  for (const key of relatedAgents.keys()) keys.push(statementKey.relatedAgent(key))

  /** Those of every place, with the last definition. */
  const activities = new Map<string, string | null>()
  activitiesOf(statement, true)
  for (const id of activities.keys()) keys.push(statementKey.relatedActivity(id))
  return {
    keys,
    refersTo: refersTo?.toLowerCase() ?? null,
    voiding: verb === VOIDED,
    definitions: named(activities).map(([activity, definition]) => ({ activity, text: definition })),
    names,
  }

  function activitiesOf(part: JsonNode, own: boolean): void {
    const inner = member(part, 'object')
    const type = stringIn(text, inner, 'objectType')
    if (type === null || type === 'Activity') addActivity(inner, own)
    else if (type === 'SubStatement' && inner) activitiesOf(inner, false)
    for (const { value } of member(member(part, 'context'), 'contextActivities')?.members ?? []) {
      for (const each of value.kind === 'array' ? value.items : [value]) addActivity(each, false)
    }
  }

  function addActivity(node: JsonNode | undefined, isObject: boolean): void {
    const id = stringIn(text, node, 'id')
    if (id === null) return
    if (isObject) keys.push(statementKey.activity(id))
    const definition = member(node, 'definition')
    // An empty definition defines nothing.
    const own = definition?.members.length ? text.slice(definition.start, definition.end) : null
    activities.set(id, own ?? activities.get(id) ?? null)
  }
}

function named(values: ReadonlyMap<string, string | null>): [string, string][] {
  const found: [string, string][] = []
  for (const [key, value] of values) if (value !== null) found.push([key, value])
  return found
}

/** The record of a statement that this caller sends now. */
export function recordOf(
  caller: Caller,
  content: Content,
  own: Pick<StatementRecord, 'id' | 'text' | 'needsTimestamp' | 'fingerprint' | 'attachments'>,
): StatementRecord {
  return {
    ...own,
    ...content,
    // Without `define` a statement says what happened, but not what an activity is (1.0.3 Communication 4.2).
    definitions: allows(caller, 'define') ? content.definitions : [],
    source: caller.source,
    mayVoidForeign: allows(caller, 'statements/void'),
  }
}

/** Agent key of the authority that the caller's statements get. */
export function authorityKey(caller: Caller): string | null {
  return agentKey(caller.authority)
}

import { agentKey, type Identifier, type StoredStatement } from '../../lrs/index.ts'

export interface Answer {
  statement: string
  source: string
  agent: string
  /** The activity answered. */
  activity: string
  response: string
  stored: number
}

interface Shape {
  actor: Identifier & { objectType?: string; name?: string }
  object: { objectType?: string; id?: string }
  result?: { response?: unknown }
}

/** What a statement answers to which activity; null when it answers none, or is a group's. */
export function answerIn(stored: StoredStatement, statement: Shape): Answer | null {
  const { actor, object, result } = statement
  const isActivity = object.objectType === undefined || object.objectType === 'Activity'
  if (stored.voided || !isActivity || actor.objectType === 'Group') return null
  const agent = agentKey(actor)
  const response = result?.response
  if (agent === null || typeof response !== 'string' || typeof object.id !== 'string') return null
  return {
    statement: stored.id,
    source: stored.source,
    agent,
    activity: object.id,
    response,
    stored: stored.stored,
  }
}

/** The name that a statement's source gives its actor; null for none, or a group. */
export function nameIn(stored: StoredStatement, { actor }: Shape): { agent: string; name: string } | null {
  const agent = actor.objectType === 'Group' ? null : agentKey(actor)
  const name = typeof actor.name === 'string' ? actor.name.trim() : ''
  if (stored.voided || agent === null || agent.length > 2000 || !agent.isWellFormed()) return null
  return name === '' || name.length > 120 || !name.isWellFormed() ? null : { agent, name }
}

export const shapeOf = (stored: StoredStatement) => JSON.parse(stored.text) as Shape

/** Every place of a statement where an Agent or Group may stand. */
import { agentKey } from './agent-key.ts'
import { identifierIn } from './equality.ts'
import { type JsonNode, member, scanStored, stringIn } from './json.ts'

/** Where an actor stands: `object` only when it is one; `related` is every other place, and all of a SubStatement. */
export type AgentPlace = 'actor' | 'object' | 'related'

export interface FoundActor {
  place: AgentPlace
  node: JsonNode
  /** Member of the Group that stands in `place`. */
  isMember: boolean
  /** Agent key; null for an anonymous Group. */
  key: string | null
}

/**
 * Agent keys of everybody whom a statement tells of, by its text as stored: its actor, and an object that is an Agent or a
 * Group, with the members of Groups. What `agent` finds it by.
 */
export function agentsToldOf(text: string): string[] {
  const keys = findActors(text, scanStored(text)).flatMap(({ place, key }) =>
    place === 'related' ? [] : (key ?? []),
  )
  return [...new Set(keys)]
}

/** All Agents and Groups of a statement, with the members of the Groups. The authority is not among them. */
export function findActors(text: string, statement: JsonNode): FoundActor[] {
  const found: FoundActor[] = []
  of(statement, false)
  return found

  function of(part: JsonNode, inside: boolean): void {
    add(member(part, 'actor'), inside ? 'related' : 'actor')
    const object = member(part, 'object')
    switch (stringIn(text, object, 'objectType')) {
      case 'Agent':
      case 'Group':
        add(object, inside ? 'related' : 'object')
        break
      case 'SubStatement':
        if (object) of(object, true)
    }
    const context = member(part, 'context')
    add(member(context, 'instructor'), 'related')
    add(member(context, 'team'), 'related')
    for (const entry of member(context, 'contextAgents')?.items ?? []) add(member(entry, 'agent'), 'related')
    for (const entry of member(context, 'contextGroups')?.items ?? []) add(member(entry, 'group'), 'related')
  }

  function add(node: JsonNode | undefined, place: AgentPlace): void {
    if (!node) return
    found.push({ place, node, isMember: false, key: agentKey(identifierIn(text, node)) })
    for (const each of member(node, 'member')?.items ?? []) {
      found.push({ place, node: each, isMember: true, key: agentKey(identifierIn(text, each)) })
    }
  }
}

/** Index keys: what a statement can be found by. The `+` forms are the wider ones of related_agents and related_activities. */
export const statementKey = {
  verb: (iri: string) => `verb:${iri}`,
  activity: (iri: string) => `activity:${iri}`,
  relatedActivity: (iri: string) => `activity+:${iri}`,
  /** `agent` is an agent key (agent-key.ts). */
  agent: (agent: string) => `agent:${agent}`,
  relatedAgent: (agent: string) => `agent+:${agent}`,
  /** The actor itself (not members, not the object): what a person's history is read by. */
  actor: (agent: string) => `actor:${agent}`,
  registration: (uuid: string) => `registration:${uuid.toLowerCase()}`,
} as const

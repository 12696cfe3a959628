import topics from '../schemas/topics.json' with { type: 'json' }

/**
 * Topics of lessons: a small shared list. An IRI, once published, keeps its meaning for ever; a topic that is no longer
 * offered stays with `retired`. `w3id.org/suotdoi/` is this project's own name space.
 */
export interface Topic {
  iri: string
  vi: string
  en: string
  retired?: true
}

export const TOPICS_VERSION = 1

/** Topic groups that community learning centres report by, and the topics a learning society starts with. */
export const TOPICS: readonly Topic[] = topics

export function isTopic(iri: string): boolean {
  return TOPICS.some((each) => each.iri === iri && !each.retired)
}

import type { H, Kind, LooksAt, Tables, Told } from './tables.ts'

/** What is looked at of a line; its tally has it. */
export interface Subject {
  activity: string
  /** IRIs of courses, groups and whatever else the activity was said to belong to. */
  courses: readonly string[]
  type: string | null
  /** IRI of the verb that leads; null where nothing but noise is known. */
  verb: string | null
}

export interface Class {
  kind: Kind | null
  h: H | null
  topic: string | null
}

export type Classify = (subject: Subject) => Class

/** Makes a function of the tables; it does the same for ever, whatever happens to them. */
export function classifierOf({ rules }: Tables): Classify {
  const found = new Map<string, Map<string, string>>()
  const lengths = new Set<number>()
  for (const { tells, by, iri, is } of rules) {
    const name = `${tells} ${by}`
    found.set(name, (found.get(name) ?? new Map()).set(iri, is))
    if (by === 'prefix') lengths.add(iri.length)
  }
  const longestFirst = [...lengths].sort((a, b) => b - a)
  const ask = (tells: Told, by: LooksAt, iri: string | null) =>
    iri === null ? undefined : found.get(`${tells} ${by}`)?.get(iri)

  function topicOf({ activity, courses }: Subject): string | null {
    const exact = ask('topic', 'activity', activity) ?? ask('topic', 'course', activity)
    if (exact !== undefined) return exact
    for (const course of courses) {
      const topic = ask('topic', 'course', course)
      if (topic !== undefined) return topic
    }
    for (const length of longestFirst) {
      const topic = length <= activity.length && ask('topic', 'prefix', activity.slice(0, length))
      if (topic) return topic
    }
    return null
  }

  return (subject) => {
    const { type, verb } = subject
    if (verb === null) return { kind: null, h: null, topic: null }
    return {
      topic: topicOf(subject),
      kind: (ask('kind', 'type', type) ?? ask('kind', 'verb', verb) ?? null) as Kind | null,
      h: (ask('h', 'verb', verb) ?? ask('h', 'type', type) ?? null) as H | null,
    }
  }
}

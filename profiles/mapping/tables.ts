/**
 * What activities, courses and verbs mean on a record, as data: a topic, a kind and one of the four H. Nothing is ever
 * guessed: what no rule names stays without.
 */
export const KINDS = [
  'lesson',
  'course',
  'video',
  'test',
  'class',
  'reading',
  'practice',
  'contribution',
] as const
export type Kind = (typeof KINDS)[number]

/** Học, Hỏi, Hiểu, Hành: to learn, to ask, to understand, to do. Always in this order. */
export const FOUR_H = ['hoc', 'hoi', 'hieu', 'hanh'] as const
export type H = (typeof FOUR_H)[number]

export interface MappingTopic {
  /** An IRI; once published it keeps its meaning for ever. */
  id: string
  vi: string
  en: string
  /** From a public example, not yet checked against what the province reports by. */
  sample?: true
}

/** What a rule looks at, for each thing it tells. Of two that fit, the one that stands first here wins. */
export const LOOKS_AT = {
  topic: ['activity', 'course', 'prefix'],
  kind: ['type', 'verb'],
  h: ['verb', 'type'],
  /** Two activities are one thing, told of under two IRIs. */
  same: ['activity'],
} as const
export type Told = keyof typeof LOOKS_AT
export type LooksAt = (typeof LOOKS_AT)[Told][number]

export interface Rule {
  tells: Told
  by: LooksAt
  /** The whole IRI of an activity, course, activity type or verb, or how an activity's begins. */
  iri: string
  /** Id of a topic, a kind, or an H; IRI of the activity that is the same. */
  is: string
  why: string
}

export interface Tables {
  topics: readonly MappingTopic[]
  rules: readonly Rule[]
}

/** There is at most one rule of each name. */
export const ruleName = ({ tells, by, iri }: Pick<Rule, 'tells' | 'by' | 'iri'>) => `${tells} ${by} ${iri}`

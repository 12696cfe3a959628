import type { Problem } from '../../lrs/index.ts'
import { aliasesOf, MOST_SAME } from './aliases.ts'
import { FOUR_H, KINDS, LOOKS_AT, type MappingTopic, type Rule, ruleName, type Tables } from './tables.ts'

/** One change of the tables. */
export type MappingChange =
  /** Takes the place of the rule of the same name, and of `replaces` where an edit changed the name. */
  | { do: 'put-rule'; rule: Rule; replaces?: string }
  | { do: 'remove-rule'; name: string }
  | { do: 'put-topic'; topic: MappingTopic }
  | { do: 'remove-topic'; id: string }

const MAX_IRI = 2000
/** Lines are found by it. */
const MAX_TOPIC = 200
const MAX_WORDS = 300
/** Rules of one version, and its topics: so that a version stays one document. */
const MOST_RULES = 4_000
const MOST_TOPICS = 300
const MOST_CHARACTERS = 1_500_000

/**
 * The tables after a change, or why not: `mapping-iri-not-valid`, `mapping-rule-not-valid`, `mapping-why-missing`,
 * `mapping-rule-unknown`, `mapping-topic-not-valid`, `mapping-topic-unknown`, `mapping-topic-used`,
 * `mapping-same-itself`, `mapping-same-many`, `mapping-too-many`.
 */
export function changed(tables: Tables, change: MappingChange): Tables | Problem {
  switch (change.do) {
    case 'put-rule':
      return putRule(tables, change.rule, change.replaces)
    case 'remove-rule': {
      const rules = tables.rules.filter((rule) => ruleName(rule) !== change.name)
      return rules.length < tables.rules.length ? { ...tables, rules } : RULE_UNKNOWN
    }
    case 'put-topic':
      return putTopic(tables, change.topic)
    case 'remove-topic': {
      const rules = tables.rules.filter((rule) => !isOwnRule(rule, change.id))
      if (rules.some(({ tells, is }) => tells === 'topic' && is === change.id)) return TOPIC_USED
      const topics = tables.topics.filter(({ id }) => id !== change.id)
      return topics.length < tables.topics.length ? { topics, rules } : TOPIC_UNKNOWN
    }
  }
}

function putRule(tables: Tables, given: Rule, replaces: string | undefined): Tables | Problem {
  const rule = { ...given, iri: given.iri.trim(), is: given.is.trim(), why: given.why.trim() }
  const looks: readonly string[] = LOOKS_AT[rule.tells]
  if (!looks.includes(rule.by)) return RULE_NOT_VALID
  if (!isIri(rule.iri)) return IRI_NOT_VALID
  if (rule.why === '' || rule.why.length > MAX_WORDS) return WHY_MISSING
  const names = [ruleName(rule), replaces]
  const others = tables.rules.filter((each) => !names.includes(ruleName(each)))
  const wanted = { ...tables, rules: [...others, rule] }
  return whatIsWrongWith(rule, wanted) ?? fitting(wanted)
}

function whatIsWrongWith({ tells, iri, is }: Rule, { topics, rules }: Tables): Problem | null {
  if (tells === 'same') {
    if (!isIri(is)) return { ...IRI_NOT_VALID, path: 'is' }
    if (is === iri) return SAME_ITSELF
    return aliasesOf(rules)(iri).length > MOST_SAME ? SAME_MANY : null
  }
  if (tells === 'topic') return topics.some(({ id }) => id === is) ? null : TOPIC_UNKNOWN
  const known: readonly string[] = tells === 'kind' ? KINDS : FOUR_H
  return known.includes(is) ? null : RULE_NOT_VALID
}

function putTopic(tables: Tables, given: MappingTopic): Tables | Problem {
  const topic = { ...given, id: given.id.trim(), vi: given.vi.trim(), en: given.en.trim() }
  const isNamed = [topic.vi, topic.en].every((name) => name !== '' && name.length <= MAX_WORDS)
  if (!isNamed || topic.id.length > MAX_TOPIC || !isIri(topic.id)) return TOPIC_NOT_VALID
  const at = tables.topics.findIndex(({ id }) => id === topic.id)
  const topics = at < 0 ? [...tables.topics, topic] : tables.topics.with(at, topic)
  const isKnown = tables.rules.some((rule) => isOwnRule(rule, topic.id))
  return fitting({ topics, rules: isKnown ? tables.rules : [...tables.rules, ownRule(topic.id)] })
}

/** Lessons and classes name their topic in what they tell; so each topic leads to itself. */
export const ownRule = (topic: string): Rule => ({
  tells: 'topic',
  by: 'course',
  iri: topic,
  is: topic,
  why: 'The statement itself names this topic.',
})
const isOwnRule = ({ tells, by, iri, is }: Rule, topic: string) =>
  tells === 'topic' && by === 'course' && iri === topic && is === topic

function fitting(tables: Tables): Tables | Problem {
  const isTooMuch =
    tables.rules.length > MOST_RULES ||
    tables.topics.length > MOST_TOPICS ||
    JSON.stringify(tables).length > MOST_CHARACTERS
  return isTooMuch ? TOO_MANY : tables
}

function isIri(text: string): boolean {
  return (
    text.length <= MAX_IRI && text.isWellFormed() && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]{2,}$/iu.test(text)
  )
}

const IRI_NOT_VALID: Problem = {
  id: 'mapping-iri-not-valid',
  status: 400,
  path: 'iri',
  message: 'Write the whole IRI as the source sends it, with its beginning, such as https://.',
}
const RULE_NOT_VALID: Problem = {
  id: 'mapping-rule-not-valid',
  status: 400,
  path: 'is',
  message: 'Choose what the rule looks at and what it tells.',
}
const WHY_MISSING: Problem = {
  id: 'mapping-why-missing',
  status: 400,
  path: 'why',
  message: `Write why, in at most ${MAX_WORDS} characters; whoever reads the table later sees it.`,
}
const RULE_UNKNOWN: Problem = {
  id: 'mapping-rule-unknown',
  status: 404,
  message: 'There is no such rule any more. Read the tables again.',
}
const TOPIC_NOT_VALID: Problem = {
  id: 'mapping-topic-not-valid',
  status: 400,
  path: 'vi',
  message: 'A topic needs a name in Vietnamese and in English, and an IRI.',
}
const TOPIC_UNKNOWN: Problem = {
  id: 'mapping-topic-unknown',
  status: 404,
  path: 'is',
  message: 'There is no such topic. Choose one of the list.',
}
const TOPIC_USED: Problem = {
  id: 'mapping-topic-used',
  status: 409,
  message: 'Rules still lead to this topic. Change or remove them first.',
}
const SAME_ITSELF: Problem = {
  id: 'mapping-same-itself',
  status: 400,
  path: 'is',
  message: 'Write the IRI of another activity; each is the same as itself anyhow.',
}
const SAME_MANY: Problem = {
  id: 'mapping-same-many',
  status: 400,
  path: 'is',
  message: `At most ${MOST_SAME} activities can be the same.`,
}
const TOO_MANY: Problem = {
  id: 'mapping-too-many',
  status: 400,
  message: 'The tables are full. One prefix often takes the place of many rules.',
}

/** What the specification makes a store set or change in a statement; every other token stays as it was sent. */
import { randomUUIDv7 } from 'node:crypto'
import type { Authority } from '../caller.ts'
import type { VersionRules } from '../versions/rules.ts'
import { inUtc, parseTimestamp } from './formats.ts'
import { type JsonNode, member, stringAt, stringIn } from './json.ts'
import { rewriteObject, sourceOf } from './rewrite.ts'

export interface Completed {
  /** In lower case. */
  id: string
  /** Starts with `{"`, has no `stored`, and no `timestamp` when none was sent. */
  text: string
  needsTimestamp: boolean
}

/** Sets id, authority and version, takes `stored` out, makes lists of context activities and UTC of timestamps. */
export function completeStatement(
  source: string,
  statement: JsonNode,
  rules: VersionRules,
  authority: Authority,
  givenId?: string,
): Completed {
  const sentId = member(statement, 'id')
  const id = (sentId ? stringAt(source, sentId) : (givenId ?? randomUUIDv7())).toLowerCase()
  const set = [`"authority":${JSON.stringify(authority)}`]
  if (!member(statement, 'version')) set.unshift(`"version":"${rules.assumedVersion}"`)
  if (!sentId) set.unshift(`"id":"${id}"`)
  // A SubStatement has neither: validation refuses them.
  const isSet = (key: string) => key === 'stored' || key === 'authority'
  const text = rewriteObject(
    source,
    statement,
    (key, value) => (isSet(key) ? null : changed(source, key, value, rules)),
    set,
  )
  return { id, text, needsTimestamp: !member(statement, 'timestamp') }
}

/** A member of the statement or of its SubStatement; `undefined` when nothing of it changes. */
function changed(source: string, key: string, value: JsonNode, rules: VersionRules): string | undefined {
  if (key === 'timestamp') return rules.timestampsInUtc ? timestampInUtc(source, value) : undefined
  if (key === 'context') return withLists(source, value)
  if (key !== 'object' || stringIn(source, value, 'objectType') !== 'SubStatement') return undefined
  return rewriteObject(source, value, (name, inner) => changed(source, name, inner, rules))
}

/** 1.0.3 Data 2.4.6.2: a single activity is returned as an array of one. */
function withLists(source: string, context: JsonNode): string | undefined {
  const contextActivities = member(context, 'contextActivities')
  if (!contextActivities?.members.some(({ value }) => value.kind === 'object')) return undefined
  const asList = (_name: string, value: JsonNode) =>
    value.kind === 'object' ? `[${sourceOf(source, value)}]` : undefined
  return rewriteObject(source, context, (key, value) =>
    key === 'contextActivities' ? rewriteObject(source, value, asList) : undefined,
  )
}

function timestampInUtc(source: string, timestamp: JsonNode): string | undefined {
  const sent = stringAt(source, timestamp)
  const parsed = parseTimestamp(sent)
  return parsed && !IN_UTC.test(sent) ? JSON.stringify(inUtc(parsed)) : undefined
}

/** As RFC 3339 writes it. */
const IN_UTC = /(?:[Zz]|\+00:00)$/

/** What the specification makes a store set or change in a statement; every other token stays as it was sent. */
import { randomUUIDv7 } from 'node:crypto'
import type { Authority } from '../caller.ts'
import type { VersionRules } from '../versions/rules.ts'
import { inUtc, parseTimestamp } from './formats.ts'
import { type JsonNode, member, stringAt } from './json.ts'
import { rewriteObject, rewriteStatement, sourceOf } from './rewrite.ts'

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
  const text = rewriteStatement(
    source,
    statement,
    {
      statementMember(key, value, isSubStatement) {
        // A SubStatement has neither: validation refuses them.
        if (!isSubStatement && (key === 'stored' || key === 'authority')) return null
        return key === 'timestamp' && rules.timestampsInUtc ? timestampInUtc(source, value) : undefined
      },
      contextMember: (key, value) => (key === 'contextActivities' ? asLists(source, value) : undefined),
    },
    set,
  )
  return { id, text, needsTimestamp: !member(statement, 'timestamp') }
}

/** 1.0.3 Data 2.4.6.2: a single activity is returned as an array of one. */
function asLists(source: string, contextActivities: JsonNode): string {
  return rewriteObject(source, contextActivities, (_key, value) =>
    value.kind === 'object' ? `[${sourceOf(source, value)}]` : sourceOf(source, value),
  )
}

function timestampInUtc(source: string, timestamp: JsonNode): string | undefined {
  const sent = stringAt(source, timestamp)
  const parsed = parseTimestamp(sent)
  return parsed && !IN_UTC.test(sent) ? JSON.stringify(inUtc(parsed)) : undefined
}

/** As RFC 3339 writes it. */
const IN_UTC = /(?:[Zz]|\+00:00)$/

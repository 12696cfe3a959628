/** What the specification makes a store set or change in a statement, as edits of its text; every other token stays. */
import { randomUUIDv7 } from 'node:crypto'
import type { Authority } from '../caller.ts'
import type { VersionRules } from '../versions/rules.ts'
import { inUtc, parseTimestamp } from './formats.ts'
import { type JsonNode, member, type Splice, splice, stringAt } from './json.ts'

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
  const set: string[] = []
  if (!sentId) set.push(`"id":"${id}"`)
  if (!member(statement, 'version')) set.push(`"version":"${rules.assumedVersion}"`)
  set.push(`"authority":${JSON.stringify(authority)}`)

  const changes = partChanges(source, statement, rules)
  for (const { key, start, value } of statement.members) {
    if (key === 'stored' || key === 'authority') continue
    const inside = changes.filter((change) => change.start >= start && change.end <= value.end)
    set.push(splice(source, inside, start, value.end))
  }
  return {
    id,
    text: `{${set.join(',')}}`,
    needsTimestamp: !member(statement, 'timestamp'),
  }
}

function partChanges(source: string, part: JsonNode, rules: VersionRules): Splice[] {
  const changes: Splice[] = []
  for (const { value } of member(member(part, 'context'), 'contextActivities')?.members ?? []) {
    if (value.kind !== 'object') continue
    changes.push({ start: value.start, end: value.start, with: '[' })
    changes.push({ start: value.end, end: value.end, with: ']' })
  }
  const timestamp = member(part, 'timestamp')
  if (timestamp && rules.timestampsInUtc) {
    const parsed = parseTimestamp(stringAt(source, timestamp))
    if (parsed?.offset) {
      changes.push({ start: timestamp.start, end: timestamp.end, with: JSON.stringify(inUtc(parsed)) })
    }
  }
  const object = member(part, 'object')
  const type = member(object, 'objectType')
  if (object && type && stringAt(source, type) === 'SubStatement') {
    changes.push(...partChanges(source, object, rules))
  }
  return changes
}

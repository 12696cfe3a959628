/**
 * When two statements are the same: 1.0.3 Data 2.3.1, "Statement Comparison Requirements". What the comparison leaves out
 * and why stands in docs/adr/0004-statement-equality.md.
 */
import { hash } from 'node:crypto'
import { agentKey } from './agent-key.ts'
import { inUtc, parseTimestamp, withoutTrailingZeros } from './formats.ts'
import { type JsonNode, member, stringAt, stringIn } from './json.ts'

/** Number of the comparison that `fingerprint` makes; a changed comparison gets a new one. */
const ALGORITHM = 1

/** `1:<sha256 hex>`: equal for two statements exactly when they are the same. The statement must be valid. */
export function fingerprint(text: string, statement: JsonNode): string {
  return `${ALGORITHM}:${hash('sha256', canonicalStatement(text, statement), 'hex')}`
}

/** Set or changed by a store, or no part of the statement: never compared. */
function isLeftOut(key: string): boolean {
  switch (key) {
    case 'id':
    case 'stored':
    case 'timestamp':
    case 'version':
    case 'authority':
    case 'attachments':
      return true
    default:
      return false
  }
}

/** The text that is the same for every writing of one statement. */
export function canonicalStatement(text: string, statement: JsonNode): string {
  return object(text, statement, (key, value) => (isLeftOut(key) ? null : statementMember(text, key, value)))
}

function statementMember(text: string, key: string, value: JsonNode): string {
  switch (key) {
    case 'actor':
      return actor(text, value)
    case 'verb':
      return object(text, value, (name, inner) => (name === 'display' ? null : any(text, inner)))
    case 'object':
      return statementObject(text, value)
    case 'result':
      return object(text, value, (name, inner) =>
        name === 'duration' ? JSON.stringify(canonicalDuration(stringAt(text, inner))) : any(text, inner),
      )
    case 'context':
      return context(text, value)
    case 'timestamp':
      return JSON.stringify(canonicalTimestamp(stringAt(text, value)))
    default:
      return any(text, value)
  }
}

function statementObject(text: string, node: JsonNode): string {
  switch (stringIn(text, node, 'objectType')) {
    case 'Agent':
    case 'Group':
      return actor(text, node)
    case 'StatementRef':
      return statementRef(text, node)
    case 'SubStatement':
      // Its timestamp is its sender's own: no store sets it.
      return object(text, node, (key, value) =>
        key === 'attachments' ? null : statementMember(text, key, value),
      )
    default:
      return activity(text, node)
  }
}

function activity(text: string, node: JsonNode): string {
  const id = member(node, 'id')
  return `{"id":${id ? any(text, id) : ''}}`
}

function statementRef(text: string, node: JsonNode): string {
  return object(text, node, (key, value) => {
    const canonical = any(text, value)
    return key === 'id' ? canonical.toLowerCase() : canonical
  })
}

/** An Agent or Group: by its key, so that every writing of one identifier is the same; members in any order. */
function actor(text: string, node: JsonNode): string {
  const type = stringIn(text, node, 'objectType') === 'Group' ? 'Group' : 'Agent'
  const key = JSON.stringify(agentKey(identifierIn(text, node)) ?? '')
  const name = member(node, 'name')
  const members = member(node, 'member')?.items.map((each) => `,${actor(text, each)}`) ?? []
  return `<"${type}",${key},${name ? any(text, name) : ''}${members.sort().join('')}>`
}

function context(text: string, node: JsonNode): string {
  return object(text, node, (key, value) => {
    switch (key) {
      case 'instructor':
      case 'team':
        return actor(text, value)
      case 'registration':
        return any(text, value).toLowerCase()
      case 'statement':
        return statementRef(text, value)
      case 'contextActivities':
        // One activity and a list of that one are the same: a store turns the former into the latter.
        return object(text, value, (_name, listed) =>
          list(listed.kind === 'array' ? listed.items : [listed], (each) => activity(text, each)),
        )
      case 'contextAgents':
      case 'contextGroups':
        return list(value.items, (entry) =>
          object(text, entry, (name, inner) =>
            name === 'agent' || name === 'group' ? actor(text, inner) : any(text, inner),
          ),
        )
      default:
        return any(text, value)
    }
  })
}

function any(text: string, node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return object(text, node, (_key, value) => any(text, value))
    case 'array':
      return list(node.items, (each) => any(text, each))
    case 'number':
      return canonicalNumber(text.slice(node.start, node.end))
    case 'string': {
      const token = text.slice(node.start, node.end)
      return node.isPlain ? token : JSON.stringify(JSON.parse(token))
    }
    default:
      return text.slice(node.start, node.end)
  }
}

/** Its members in the order of their keys, as JSON writes these. */
function object(
  text: string,
  node: JsonNode,
  write: (key: string, value: JsonNode) => string | null,
): string {
  const parts: Part[] = []
  for (const { key, isPlain, start, value } of node.members) {
    const written = write(key, value)
    if (written === null) continue
    parts.push({ name: isPlain ? text.slice(start, start + key.length + 2) : JSON.stringify(key), written })
  }
  sortParts(parts)
  let members = ''
  for (const { name, written } of parts) members += members ? `,${name}:${written}` : `${name}:${written}`
  return `{${members}}`
}

interface Part {
  name: string
  written: string
}

/** The few members of most objects are in order sooner than a general sort has begun. */
function sortParts(parts: Part[]): void {
  if (parts.length > 32) {
    parts.sort((one, other) => (one.name < other.name ? -1 : 1))
    return
  }
  for (let from = 1; from < parts.length; from++) {
    const part = parts[from] as Part
    let at = from
    for (; at > 0 && (parts[at - 1] as Part).name > part.name; at--) parts[at] = parts[at - 1] as Part
    parts[at] = part
  }
}

function list(items: readonly JsonNode[], write: (item: JsonNode) => string): string {
  return `[${items.map(write).join(',')}]`
}

/** The identifier that an Agent or Group node holds. */
export function identifierIn(text: string, node: JsonNode): Parameters<typeof agentKey>[0] {
  const found: Parameters<typeof agentKey>[0] = {}
  for (const { key, value } of node.members) {
    if (key === 'mbox' || key === 'mbox_sha1sum' || key === 'openid') found[key] = stringAt(text, value)
    else if (key === 'account') {
      const homePage = member(value, 'homePage')
      const name = member(value, 'name')
      if (homePage && name) found.account = { homePage: stringAt(text, homePage), name: stringAt(text, name) }
    }
  }
  return found
}

/** One writing for each decimal value, exact to any number of digits: `1.0`, `1` and `10e-1` are all `1e0`. */
export function canonicalNumber(token: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token)
  if (!match) throw new Error('not a JSON number')
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return '0e0'
  const significant = withoutTrailingZeros(digits)
  const shift = digits.length - significant.length - fraction.length
  // Sixteen characters are exact as a number, with any length of a token added.
  const scale = exponent.length < 16 ? Number(exponent) + shift : BigInt(exponent) + BigInt(shift)
  return `${sign}${significant}e${scale}`
}

/**
 * A duration is compared as text (2.3.1), but not beyond a hundredth of a second (4.6), and `.` and `,` both mark a
 * fraction: `PT1.239S` and `PT1,23S` are the same, `PT60S` and `PT1M` are not.
 */
export function canonicalDuration(duration: string): string {
  const mark = duration.search(/[.,]/)
  if (mark === -1) return duration
  const unit = duration.slice(-1)
  const digits = duration.slice(mark + 1, -1)
  const compared = withoutTrailingZeros(unit === 'S' ? digits.slice(0, 2) : digits)
  return `${duration.slice(0, mark)}${compared ? `.${compared}` : ''}${unit}`
}

function canonicalTimestamp(timestamp: string): string {
  const parsed = parseTimestamp(timestamp)
  return parsed ? inUtc({ ...parsed, fraction: withoutTrailingZeros(parsed.fraction) }) : timestamp
}

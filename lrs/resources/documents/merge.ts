import { type JsonNode, scan } from '../../statement/json.ts'
import { parseJson } from '../../statement/json-syntax.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a JSON document, or null when the bytes are not JSON in UTF-8. */
export function jsonTextOf(content: Uint8Array): string | null {
  try {
    const text = decoder.decode(content)
    return parseJson(text).ok ? text : null
  } catch {
    return null
  }
}

/**
 * Merges two JSON objects one level deep, the newer one's values replacing the older one's (1.0.3 Communication 2.2).
 * Null when either is not an object, or nested too deep to be read. Every value is kept token by token.
 */
export function mergeObjects(older: string, newer: string): string | null {
  const before = membersOf(older)
  const after = membersOf(newer)
  if (!before || !after) return null
  const merged = new Map(before)
  for (const [name, value] of after) merged.set(name, value)
  return `{${[...merged].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

function membersOf(text: string): Map<string, string> | null {
  const node: JsonNode | null = scan(text).node
  if (node?.kind !== 'object') return null
  return new Map(node.members.map(({ key, value }) => [key, text.slice(value.start, value.end)]))
}

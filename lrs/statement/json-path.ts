/** How a place in a JSON value is told: `statements[3].actor.mbox`. */
import type { JsonNode } from './json.ts'

/** `statements[3].actor`, and `["a key"]` where a name alone would not be clear. */
export function joinPath(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`
  const isLong = part.length > 120
  if (!isLong && /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) return path ? `${path}.${part}` : part
  return `${path}[${JSON.stringify(isLong ? `${part.slice(0, 120)}…` : part)}]`
}

/** The path of what stands at an offset of the text: a value, or an object's key. */
export function pathAt(root: JsonNode, offset: number): string {
  let path = ''
  let node: JsonNode | undefined = root
  while (node) {
    let inner: JsonNode | undefined
    for (const each of node.members) {
      if (each.start <= offset && offset < each.value.end) {
        path = joinPath(path, each.key)
        inner = each.value
        if (each.value.start === offset && each.value.kind !== 'object' && each.value.kind !== 'array')
          return path
      }
    }
    for (const [index, each] of node.items.entries()) {
      if (each.start <= offset && offset < each.end) {
        path = joinPath(path, index)
        inner = each
      }
    }
    node = inner
  }
  return path
}

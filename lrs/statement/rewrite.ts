/** New text out of a statement's text: what is not written anew is copied as it stands, token by token. */
import { type JsonNode, stringIn } from './json.ts'

/** The source of a value. */
export function sourceOf(text: string, node: JsonNode): string {
  return text.slice(node.start, node.end)
}

/**
 * The object with each value as `write` gives it: `null` takes the member out, `undefined` leaves it as it stands, with
 * all beside it that is left. `first` are members put before all.
 */
export function rewriteObject(
  text: string,
  object: JsonNode,
  write: (key: string, value: JsonNode) => string | null | undefined,
  first: readonly string[] = [],
): string {
  let written = first.join(',')
  /** Of the members left since the last one that was written. */
  let from = NOWHERE
  let to = NOWHERE
  for (const { key, start, value } of object.members) {
    const replaced = write(key, value)
    if (replaced === undefined) {
      if (from === NOWHERE) from = start
      to = value.end
      continue
    }
    if (from !== NOWHERE) add(text.slice(from, to))
    from = NOWHERE
    if (replaced !== null) add(text.slice(start, value.start) + replaced)
  }
  if (from !== NOWHERE) add(text.slice(from, to))
  return `{${written}}`

  function add(members: string): void {
    written += written ? `,${members}` : members
  }
}

const NOWHERE = -1

/** The array with each item as `write` gives it; `null` takes the item out. */
export function rewriteArray(array: JsonNode, write: (item: JsonNode) => string | null): string {
  return `[${array.items
    .map(write)
    .filter((item) => item !== null)
    .join(',')}]`
}

/** How the parts of a statement are written; what is absent is copied. */
export interface StatementWriter {
  /** An Agent or Group, wherever it stands (not the members of a Group by themselves). */
  actor?(node: JsonNode): string
  verb?(node: JsonNode): string
  activity?(node: JsonNode): string
  /** A member of the statement or of its SubStatement; `null` takes it out, `undefined` leaves it to the others here. */
  statementMember?(key: string, value: JsonNode, isSubStatement: boolean): string | null | undefined
  /** A member of a context; likewise. */
  contextMember?(key: string, value: JsonNode): string | null | undefined
}

/** The whole statement, its SubStatement included, by the writer. The statement must be valid. */
export function rewriteStatement(
  text: string,
  statement: JsonNode,
  writer: StatementWriter,
  first: readonly string[] = [],
): string {
  const copy = (node: JsonNode): string => sourceOf(text, node)
  const { actor = copy, verb = copy, activity = copy } = writer
  return part(statement, false, first)

  function part(node: JsonNode, isSubStatement: boolean, before: readonly string[]): string {
    return rewriteObject(
      text,
      node,
      (key, value) => {
        const own = writer.statementMember?.(key, value, isSubStatement)
        if (own !== undefined) return own
        switch (key) {
          case 'actor':
          case 'authority':
            return actor(value)
          case 'verb':
            return verb(value)
          case 'object':
            return object(value)
          case 'context':
            return context(value)
          default:
            return copy(value)
        }
      },
      before,
    )
  }

  function object(node: JsonNode): string {
    switch (stringIn(text, node, 'objectType')) {
      case 'Agent':
      case 'Group':
        return actor(node)
      case 'SubStatement':
        return part(node, true, [])
      case 'StatementRef':
        return copy(node)
      default:
        return activity(node)
    }
  }

  function context(node: JsonNode): string {
    return rewriteObject(text, node, (key, value) => {
      const own = writer.contextMember?.(key, value)
      if (own !== undefined) return own
      switch (key) {
        case 'instructor':
        case 'team':
          return actor(value)
        case 'contextActivities':
          return rewriteObject(text, value, (_name, listed) =>
            listed.kind === 'array' ? rewriteArray(listed, activity) : activity(listed),
          )
        case 'contextAgents':
        case 'contextGroups':
          return rewriteArray(value, (entry) =>
            rewriteObject(text, entry, (name, inner) =>
              name === 'agent' || name === 'group' ? actor(inner) : copy(inner),
            ),
          )
        default:
          return copy(value)
      }
    })
  }
}

import { isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'

/** The text of a lesson file, read, with the lines on which its parts stand. */
export interface Source {
  value: unknown
  /** Line (from 1) of the part at a path of keys and indexes; of the nearest part around it, when it is not there. */
  line(path: readonly (string | number)[]): number
}

/** Reads YAML, or says what cannot be read and where. */
export function readSource(text: string): Source | { problems: PackageProblem[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  if (document.errors.length > 0)
    return { problems: document.errors.slice(0, 20).map((error) => unreadable(error, lineAt(error.pos[0]))) }
  let value: unknown
  try {
    // References could unfold a small file into a huge one; lessons have no use for them.
    value = document.toJS({ maxAliasCount: 0 })
  } catch {
    return { problems: [problem('lesson-file-reference', 400, 'A lesson file has no references (& and *)')] }
  }
  return {
    value,
    line(path) {
      let node = document.contents as ParsedNode | null
      let offset = node?.range[0] ?? 0
      for (const key of path) {
        const next = childOf(node, key)
        if (!next) break
        offset = next.offset
        node = next.node
      }
      return lineAt(offset)
    },
  }
}

/** The child under a key, and where it begins: in a map at its key. */
function childOf(
  node: ParsedNode | null,
  key: string | number,
): { node: ParsedNode | null; offset: number } | null {
  if (isMap(node)) {
    const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(key))
    if (!pair) return null
    return { node: pair.value as ParsedNode | null, offset: (pair.key as Node).range?.[0] ?? 0 }
  }
  const items = (node as { items?: ParsedNode[] } | null)?.items
  const item = items?.[Number(key)]
  return item ? { node: item, offset: item.range[0] } : null
}

/** What goes wrong most often when people write YAML by hand, in words of its own. */
function unreadable({ code, message }: { code: string; message: string }, line: number): PackageProblem {
  if (code === 'TAB_AS_INDENT')
    return problem('lesson-file-tab', 400, `Line ${line}: indent with spaces, not with tabs`, { line })
  if (code === 'DUPLICATE_KEY')
    return problem('lesson-file-twice', 400, `Line ${line}: the same word stands twice here`, { line })
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY')
    return problem('lesson-file-colon', 400, `Line ${line}: put a text with a colon in it into quotes`, {
      line,
    })
  return problem('lesson-file-unreadable', 400, `Line ${line}: ${message}`, { line, detail: message })
}

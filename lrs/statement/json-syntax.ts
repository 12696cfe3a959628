/** Whether a text is JSON, and the place of what is wrong with it; jsonc-parser finds it. */
import { visit } from 'jsonc-parser'
import type { JsonFault } from './json.ts'

/** The value and where it stands, or what is wrong with the text as JSON (its syntax alone). */
export function parseJson(text: string): { ok: true; value: unknown } | { ok: false; fault: JsonFault } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, fault: { kind: 'syntax', offset: syntaxErrorAt(text), path: '' } }
  }
}

function syntaxErrorAt(text: string): number | null {
  let at: number | null = null
  const stop = new Error()
  try {
    visit(
      text,
      {
        onError(_error, offset) {
          at = offset
          throw stop
        },
      },
      { disallowComments: true },
    )
  } catch {
    // Either `stop`, or the text is nested deeper than that parser's stack: then the place stays unknown.
  }
  return at
}

/** Line and column, from 1, of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.lastIndexOf('\n', offset - 1)
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return { line, column: offset - before }
}

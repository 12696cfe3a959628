import { agentKey } from '../../statement/agent-key.ts'
import { fingerprint, identifierIn } from '../../statement/equality.ts'
import { member, scanStored, stringIn } from '../../statement/json.ts'
import { type Content, contentOf } from '../../statement/record.ts'
import type { StatementStore, StoredStatement } from '../../storage/port.ts'

export type Inspected = Awaited<ReturnType<StatementStore['inspect']>>[number]

/** What the text of a statement says of how it is kept. */
export type Compared =
  | 'same'
  /** It is not the text that was stored. */
  | 'damaged'
  /** Keys too few and too many, and what it should be found by. */
  | ({ missing: number; extra: number } & Pick<Content, 'keys' | 'names'>)

/** Compares a statement with what is computed from its text now: its keys, fingerprint, id and what it refers to. */
export function compare({ statement, keys }: Inspected): Compared {
  const content = readContent(statement)
  if (content === null) return 'damaged'
  const { missing, extra } = difference(keys, content.keys)
  if (missing + extra === 0) return 'same'
  return { missing, extra, keys: content.keys, names: content.names }
}

/** What the text says; null when it is not the text that was stored. */
function readContent(stored: StoredStatement): Content | null {
  try {
    // The scanner trusts its text.
    JSON.parse(stored.text)
    const node = scanStored(stored.text)
    const authority = member(node, 'authority')
    const content = contentOf(
      stored.text,
      node,
      authority ? agentKey(identifierIn(stored.text, authority)) : null,
    )
    const isSame =
      stringIn(stored.text, node, 'id')?.toLowerCase() === stored.id &&
      content.refersTo === stored.refersTo &&
      content.voiding === stored.voiding &&
      isSameFingerprint(fingerprint(stored.text, node), stored.fingerprint)
    return isSame ? content : null
  } catch {
    return null
  }
}

/** One of an older algorithm says nothing about the text. */
function isSameFingerprint(computed: string, stored: string): boolean {
  const algorithm = (text: string) => text.slice(0, text.indexOf(':'))
  return algorithm(computed) !== algorithm(stored) || computed === stored
}

function difference(there: readonly string[], wanted: readonly string[]) {
  const [a, b] = [new Set(there), new Set(wanted)]
  return { missing: b.difference(a).size, extra: a.difference(b).size }
}

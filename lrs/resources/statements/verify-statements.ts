import { agentKey } from '../../statement/agent-key.ts'
import { fingerprint, identifierIn } from '../../statement/equality.ts'
import { member, scanStored, stringIn } from '../../statement/json.ts'
import { type Content, contentOf } from '../../statement/record.ts'
import type { Finding, Rewrite, StatementStore, StoredStatement, TenantId } from '../../storage/port.ts'

/** Few at a time: reading their text takes the thread that answers requests. */
const STEP = 40

type Inspected = Awaited<ReturnType<StatementStore['inspect']>>[number]

interface Progress {
  /** Statements looked at. */
  progress?(looked: number): void
}

/**
 * Compares every statement with what is computed from its text now: the keys that it is found by, its fingerprint, its
 * id and what it refers to. Changes nothing; safe while others read and write.
 */
export async function* verifyStatements(
  tenant: TenantId,
  statements: Pick<StatementStore, 'inspect'>,
  { progress }: Progress = {},
): AsyncGenerator<Finding> {
  for await (const inspected of inspectAll(statements, progress)) {
    const { id, position } = inspected.statement
    const named = `statement ${id} (position ${position})`
    const content = readContent(inspected.statement)
    if (content === null) {
      yield {
        kind: 'statement-damaged',
        tenant,
        what: `The text of ${named} is not the one that was stored.`,
        mend: RESTORE,
      }
      continue
    }
    const { missing, extra } = difference(inspected.keys, content.keys)
    if (missing + extra > 0) {
      const what = `${named} is under ${missing} keys too few and ${extra} too many: lists do not show it where they should.`
      yield { kind: 'keys-wrong', tenant, what, mend: 'Run: suotdoi rebuild indexes' }
    }
  }
}

/** Puts statements under the keys that their text has, and tells the feed. Returns how many were not. */
export async function mendKeys(
  statements: Pick<StatementStore, 'inspect' | 'rewrite'>,
  { progress }: Progress = {},
): Promise<number> {
  let mended = 0
  for await (const { statement, keys } of inspectAll(statements, progress)) {
    const content = readContent(statement)
    if (content === null) continue
    const { missing, extra } = difference(keys, content.keys)
    if (missing + extra === 0) continue
    const change: Rewrite = {
      id: statement.id,
      expected: statement.fingerprint,
      text: statement.text,
      fingerprint: statement.fingerprint,
      keys: content.keys,
      attachments: statement.attachments,
      names: content.names,
    }
    if (await statements.rewrite([change], 'rebuild indexes')) mended++
  }
  return mended
}

async function* inspectAll(
  statements: Pick<StatementStore, 'inspect'>,
  progress: Progress['progress'],
): AsyncGenerator<Inspected> {
  let looked = 0
  for (let after = 0; ; ) {
    const page = await statements.inspect(after, STEP)
    const last = page.at(-1)
    if (!last) return
    yield* page
    looked += page.length
    progress?.(looked)
    after = last.statement.position
  }
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

const RESTORE =
  'Copy the data folder aside, then restore the newest backup that verifies (docs/operations.md, “A damaged file”).'

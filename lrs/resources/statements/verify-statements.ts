import type { Finding, Rewrite, StatementStore, TenantId } from '../../storage/port.ts'
import type { Compared, Inspected } from './compare.ts'
import { startComparing } from './comparing.ts'

/** So many statements, and no more than some megabytes, are compared at a time. */
const STEP = 100

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
  for await (const { inspected, compared } of compareAll(statements, progress)) {
    const { id, position } = inspected.statement
    const named = `statement ${id} (position ${position})`
    if (compared === 'damaged') {
      yield {
        kind: 'statement-damaged',
        tenant,
        what: `The text of ${named} is not the one that was stored.`,
        mend: RESTORE,
      }
    } else {
      const { missing, extra } = compared
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
  for await (const { inspected, compared } of compareAll(statements, progress)) {
    if (compared === 'damaged') continue
    const { id, text, fingerprint, attachments } = inspected.statement
    const { keys, names } = compared
    const change: Rewrite = { id, expected: fingerprint, text, fingerprint, keys, attachments, names }
    if (await statements.rewrite([change], 'rebuild indexes')) mended++
  }
  return mended
}

interface Different {
  inspected: Inspected
  compared: Exclude<Compared, 'same'>
}

/** Those that are not as their text says. */
async function* compareAll(
  statements: Pick<StatementStore, 'inspect'>,
  progress: Progress['progress'],
): AsyncGenerator<Different> {
  const comparing = startComparing()
  try {
    let looked = 0
    for (let after = 0; ; ) {
      const page = await statements.inspect(after, STEP)
      const last = page.at(-1)
      if (!last) return
      const all = await comparing.ask(page)
      for (const [at, inspected] of page.entries()) {
        const compared = all[at]!
        if (compared !== 'same') yield { inspected, compared }
      }
      looked += page.length
      progress?.(looked)
      after = last.statement.position
    }
  } finally {
    comparing.stop()
  }
}

const RESTORE =
  'Copy the data folder aside, then restore the newest backup that verifies (docs/operations.md, “A damaged file”).'

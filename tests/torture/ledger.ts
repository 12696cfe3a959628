import { isDeepStrictEqual } from 'node:util'

export type Statement = Record<string, unknown> & { id: string }
export type RequestKind = 'single' | 'batch' | 'large' | 'attachment' | 'void'

/** One request as it was sent; its statements are stored together or not at all. */
export interface Sent {
  kind: RequestKind
  statements: readonly Statement[]
  attachment?: { sha2: string; content: Buffer }
  /** When its answer came, counted over all answers; null: none came, so nobody knows. */
  acknowledged: number | null
  /** Its statements were seen in the store. */
  found: boolean
}

/** All that was sent to one data folder, and what was said of it. */
export interface Ledger {
  readonly all: readonly Sent[]
  add(sent: Omit<Sent, 'acknowledged' | 'found'>): Sent
  acknowledge(sent: Sent): void
  /** How many answers there were so far. */
  answers(): number
  of(id: string): Sent | undefined
  statement(id: string): Statement | undefined
  /** Voiding statements that aim at it. */
  voiders(id: string): readonly string[]
  /** Statements that something aims at. */
  targets(): readonly string[]
}

export function createLedger(): Ledger {
  const all: Sent[] = []
  const byId = new Map<string, { sent: Sent; statement: Statement }>()
  const voiders = new Map<string, string[]>()
  let answers = 0
  return {
    all,
    add(made) {
      const sent: Sent = { ...made, acknowledged: null, found: false }
      all.push(sent)
      for (const statement of sent.statements) {
        byId.set(statement.id, { sent, statement })
        const target = targetOf(statement)
        if (target !== null) voiders.set(target, [...(voiders.get(target) ?? []), statement.id])
      }
      return sent
    },
    acknowledge(sent) {
      sent.acknowledged ??= answers++
    },
    answers: () => answers,
    of: (id) => byId.get(id)?.sent,
    statement: (id) => byId.get(id)?.statement,
    voiders: (id) => voiders.get(id) ?? [],
    targets: () => [...voiders.keys()],
  }
}

/** Statement that this one voids. */
export function targetOf({ verb, object }: Statement): string | null {
  return (verb as { id: string }).id === VOIDED ? (object as { id: string }).id : null
}

export const VOIDED = 'http://adlnet.gov/expapi/verbs/voided'

/** What was sent is there member by member; the store adds others. */
export function saysTheSame(stored: Record<string, unknown>, sent: Statement): boolean {
  return Object.entries(sent).every(([name, value]) => isDeepStrictEqual(stored[name], value))
}

/**
 * What is wrong with a set of statements that a store holds, against what was sent: a request that `must` be there is
 * not, one is there in half, or a statement has another content or was never sent. Says which requests are there.
 */
export function compare(
  ledger: Ledger,
  held: ReadonlyMap<string, Record<string, unknown>>,
  requests: Iterable<Sent>,
  must: (sent: Sent) => boolean,
): { wrong: string[]; there: Sent[]; absent: Sent[] } {
  const wrong: string[] = []
  const there: Sent[] = []
  const absent: Sent[] = []
  for (const [id, stored] of held) {
    const statement = ledger.statement(id)
    if (!statement) wrong.push(`statement ${id} is there, and was never sent`)
    else if (!saysTheSame(stored, statement)) wrong.push(`statement ${id} has another content than was sent`)
  }
  for (const sent of requests) {
    const missing = sent.statements.filter(({ id }) => !held.has(id))
    const what = `${sent.kind} of ${sent.statements.length}, first ${sent.statements[0]?.id}`
    if (missing.length === 0) there.push(sent)
    else if (missing.length < sent.statements.length)
      wrong.push(`${what}: ${missing.length} of its statements are missing, the others are there`)
    else absent.push(sent)
    if (missing.length > 0 && must(sent)) wrong.push(`${what}: was acknowledged, and is not there`)
  }
  return { wrong, there, absent }
}

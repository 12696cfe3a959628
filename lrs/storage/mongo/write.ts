import type { StatementRecord, WriteOutcome, WriteRefusal } from '../port.ts'
import { createClaims } from './claims.ts'
import type { Gate } from './gate.ts'
import { inOrder } from './in-order.ts'
import { beginStatements, POSITIONS_EACH } from './statement-unit.ts'
import type { TenantParts } from './tenant.ts'

export interface Writer {
  write(records: readonly StatementRecord[]): Promise<WriteOutcome>
  /** The same for more than can be held: in parts, which can be gone through again. */
  writeParts(parts: () => AsyncIterable<readonly StatementRecord[]>, count: number): Promise<WriteOutcome>
  /** Resolves when what was sent is answered. */
  end(): Promise<void>
}

interface Call {
  records: readonly StatementRecord[]
  at: number
  resolve(outcome: WriteOutcome): void
  reject(error: unknown): void
}

/** So many transactions of one tenant run at once from this process at most. */
const LANES = 3
/** One begins beside others when so many statements wait: smaller ones cost the server more than they save. */
const WORTH = 100
/** Or when the others take so long, ms. */
const SLOW = 250
/** And each takes of the calls that wait what fits: statements, and letters of their texts. */
const MOST_STATEMENTS = 500
const MOST_LETTERS = 4_000_000

/**
 * Writes the statements of a tenant. Calls that come while others are under way share a transaction, and what each takes
 * to be durable; one that is refused is taken out of it alone.
 */
export function createWriter(
  { connection, schema, names, clock, tell, longestWrite }: TenantParts,
  gate: Gate,
): Writer {
  const queue: Call[] = []
  const claims = createClaims(names)
  const running = new Set<Promise<void>>()
  /** Statements in the queue. */
  let queued = 0
  let begunAt = 0
  let later: NodeJS.Timeout | null = null
  const long = new Set<Promise<unknown>>()

  function pump(): void {
    while (queue.length > 0 && mayBegin()) {
      const calls = takeGroup(queue)
      queued -= countOf(calls)
      begunAt = performance.now()
      const group = run(calls).finally(() => {
        running.delete(group)
        pump()
      })
      running.add(group)
    }
    if (queue.length === 0 || running.size >= LANES || later !== null) return
    later = setTimeout(() => {
      later = null
      pump()
    }, SLOW).unref()
  }

  function mayBegin(): boolean {
    if (running.size === 0) return true
    if (running.size >= LANES) return false
    return queued >= WORTH || performance.now() - begunAt >= SLOW
  }

  async function run(calls: readonly Call[]): Promise<void> {
    const began = performance.now()
    try {
      const { outcomes, fresh, syncMs } = await writeTogether(calls.map(({ records }) => records))
      const ms = performance.now() - began
      tell({
        tenant: names.tenant,
        calls: calls.length,
        statements: fresh,
        waitMs: began - calls[0]!.at,
        ms,
        syncMs,
      })
      for (const [i, { resolve }] of calls.entries()) resolve(outcomes[i]!)
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }

  async function writeTogether(
    calls: readonly (readonly StatementRecord[])[],
  ): Promise<{ outcomes: WriteOutcome[]; fresh: number; syncMs: number }> {
    const all = calls.flat()
    const claim = await claims.take(all)
    let isKept = false
    try {
      const { result, syncMs } = await writeClaimed(calls, all)
      isKept = result.fresh > 0
      return { ...result, syncMs }
    } finally {
      claim.release(isKept)
    }
  }

  const writeClaimed = (calls: readonly (readonly StatementRecord[])[], all: readonly StatementRecord[]) =>
    inOrder(connection, schema, gate, Math.max(1, all.length * POSITIONS_EACH), async (session, ticket) => {
      const unit = beginStatements(schema, names, session, ticket, clock())
      await unit.load(all)
      const outcomes = calls.map((records): WriteOutcome => {
        const before = unit.done().fresh
        const takeBack = unit.mark()
        for (const record of records) {
          const refusal = refusalOf(unit.take(record))
          if (!refusal) continue
          takeBack()
          return { ok: false, refusal }
        }
        return { ok: true, stored: ticket.stored, fresh: unit.done().fresh - before }
      })
      const done = unit.done()
      if (done.fresh > 0) await unit.write()
      return { result: { outcomes, fresh: done.fresh }, done: done.fresh > 0 ? done : null }
    })

  async function writeLong(
    parts: () => AsyncIterable<readonly StatementRecord[]>,
    count: number,
  ): Promise<WriteOutcome> {
    const began = performance.now()
    const { result, syncMs } = await inOrder(
      connection,
      schema,
      gate,
      Math.max(1, count * POSITIONS_EACH),
      async (
        session,
        ticket,
      ): Promise<{ result: WriteOutcome; done: { fresh: number; references: boolean } | null }> => {
        const unit = beginStatements(schema, names, session, ticket, clock())
        const end = performance.now() + longestWrite
        let taken = 0
        for await (const records of parts()) {
          await unit.load(records)
          for (const record of records) {
            const refusal = refusalOf(unit.take(record))
            if (refusal) return { result: { ok: false, refusal }, done: null }
          }
          await unit.write()
          taken += records.length
          if (performance.now() > end && taken < count)
            return { result: { ok: false, refusal: { kind: 'too-many', most: taken } }, done: null }
        }
        const done = unit.done()
        return {
          result: { ok: true, stored: ticket.stored, fresh: done.fresh },
          done: done.fresh > 0 ? done : null,
        }
      },
    )
    tell({
      tenant: names.tenant,
      calls: 1,
      statements: result.ok ? result.fresh : 0,
      waitMs: 0,
      ms: performance.now() - began,
      syncMs,
    })
    return result
  }

  return {
    write(records) {
      return new Promise((resolve, reject) => {
        queue.push({ records, at: performance.now(), resolve, reject })
        queued += records.length
        pump()
      })
    },
    async writeParts(parts, count) {
      const writing = writeLong(parts, count)
      long.add(writing)
      try {
        return await writing
      } finally {
        long.delete(writing)
      }
    },
    async end() {
      while (running.size > 0 || long.size > 0) await Promise.allSettled([...running, ...long])
    },
  }
}

const refusalOf = (taken: number | WriteRefusal): WriteRefusal | undefined =>
  typeof taken === 'number' ? undefined : taken

const countOf = (calls: readonly Call[]) => calls.reduce((sum, { records }) => sum + records.length, 0)

/** The calls that go together: from the front, while they fit; one at least. */
function takeGroup(queue: Call[]): Call[] {
  let statements = 0
  let letters = 0
  let end = 0
  for (const { records } of queue) {
    statements += records.length
    letters += records.reduce((sum, { text }) => sum + text.length, 0)
    if (end > 0 && (statements > MOST_STATEMENTS || letters > MOST_LETTERS)) break
    end++
  }
  return queue.splice(0, end)
}

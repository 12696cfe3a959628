import type { ClientSession } from 'mongodb'
import { type Connection, isDuplicateKey, OutcomeUnknown, tooLong } from './connect.ts'
import type { Done, Gate, Ticket } from './gate.ts'
import type { Schema } from './schema.ts'

export interface Kept<T> {
  result: T
  ticket: Ticket
  /** Of the transaction's end: how long it took to be durable, ms; 0 when nothing was to be kept. */
  syncMs: number
}

/** How long a unit may take with all that runs again, ms. */
const WITHIN = 20_000
/** After so many tries in a row: what is in the way may be the transaction of a process that died. */
const CLEAR_EVERY = 5

/**
 * Runs one unit in a transaction under a ticket. `work` answers with what it did; with null in place of that, nothing of it
 * is kept. What was kept without that being known is found out, not guessed: by the moment that only one of the transaction
 * and who shuts it out can insert.
 */
export async function inOrder<T>(
  { transact }: Connection,
  schema: Schema,
  gate: Gate,
  count: number,
  work: (session: ClientSession, ticket: Ticket) => Promise<{ result: T; done: Done | null }>,
): Promise<Kept<T>> {
  const end = performance.now() + WITHIN
  for (;;) {
    let ticket: Ticket | undefined
    let last: { result: T; done: Done | null } | undefined
    let endedAt = 0
    try {
      await transact(
        async (session) => {
          ticket ??= await gate.open(count, session)
          last = await work(session, ticket)
          if (last.done) await schema.moment.insertOne(ticket.moment(last.done), { session })
          else await session.abortTransaction()
          endedAt = performance.now()
        },
        {
          within: end - performance.now(),
          again: async (tries) => {
            if (tries % CLEAR_EVERY === 0) await gate.clear()
          },
        },
      )
      const { result, done } = last!
      const syncMs = done ? performance.now() - endedAt : 0
      ticket!.close(done)
      return { result, ticket: ticket!, syncMs }
    } catch (error) {
      if (!ticket) throw error
      if (!(error instanceof OutcomeUnknown || isDuplicateKey(error))) {
        ticket.close(null)
        throw error
      }
      if (await ticket.settle()) return { result: last!.result, ticket, syncMs: performance.now() - endedAt }
      // Somebody took an id first, or shut us out: what was read has to be read anew.
      if (performance.now() > end) throw error instanceof OutcomeUnknown ? error : tooLong(error)
    }
  }
}

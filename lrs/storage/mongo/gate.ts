import { setTimeout as pause } from 'node:timers/promises'
import type { ClientSession } from 'mongodb'
import { MongoServerError } from 'mongodb'
import type { Position } from '../port.ts'
import { type Connection, isDuplicateKey } from './connect.ts'
import type { Names } from './names.ts'
import type { GateDocument, MomentDocument, OpenTicket, Schema } from './schema.ts'

/**
 * The order of a tenant, over any number of processes (docs/adr/0018-order-over-processes.md). Who wants to write draws a
 * ticket first: the next positions and a time later than every one before. The ticket is open until its transaction has
 * ended; what others are shown ends before the first open one. So nothing ever appears behind what was shown, and no two
 * transactions touch one document for their order.
 */
export interface Gate {
  /** Draws so many positions. The session is the one in which they will be written. */
  open(count: number, session: ClientSession): Promise<Ticket>
  /**
   * As of now, or a moment ago; what this process was told of as kept is in it, unless somebody else holds it up for long.
   * `fresh`: as of now, so that all is in it that any process was shown before.
   */
  view(fresh?: boolean): Promise<View>
  /** Ends the transactions of those whose holders have died, which are in the way of others. */
  clear(): Promise<void>
  /** Resolves when every ticket that is open now has ended; after a while in any case. */
  passed(): Promise<void>
  /** Looks until what was kept up to this position can be seen; those who listen are woken then. */
  reach(position: Position): Promise<void>
  /** Wakes when more can be seen by this process. Returns the unsubscriber. */
  onMore(wake: () => void): () => void
  end(): Promise<void>
}

export interface Ticket {
  readonly first: Position
  readonly stored: number
  /** The document that its transaction must insert, with what it did: it is kept if and only if this is. */
  moment(done: Done): MomentDocument
  /** Its transaction was kept, and did this; or nothing of it was, nor will be. */
  close(done: Done | null): void
  /** When it is not known whether it was kept: shuts it out. True: it had been kept. */
  settle(): Promise<boolean>
}

/** What a transaction did. */
export interface Done {
  /** How many statements there are more. */
  fresh: number
  /** A statement refers to another. */
  references: boolean
}

export interface View {
  /** Everything at or below is decided. */
  visible: Position
  /** ms; nothing can appear any more at or below it. */
  watermark: number
  statements: number
  /** Some statement refers to another. */
  references: boolean
}

/** A view is shown again for so long, ms. */
const FRESH = 50
/** Holders of open tickets show themselves so often, ms. */
const BEAT = 1_000
/** Who has not for so long has died, or is cut off, and is shut out, ms. */
const LIFE = 3_000
/** So long a reader waits until what this process wrote can be seen, ms. */
const OWN = 200
/** So long it is waited for tickets of others at most, ms. */
const REACHED = 30_000

export function createGate({ ask, db }: Connection, schema: Schema, names: Names, clock: () => number): Gate {
  const _id = names.tenant
  const listeners = new Set<() => void>()
  const closing = new Set<Promise<unknown>>()
  let view: View | null = null
  let viewedAt = 0
  let viewing: Promise<View> | null = null
  /** The last position that was written here. */
  let written = 0
  let told = 0
  let settling: Promise<void> | null = null
  let isMade: Promise<void> | null = null

  /** The server's clock: one for all processes. Tests shift it. */
  const now = () => ({ $add: [{ $toLong: '$$NOW' }, Math.round(clock() - Date.now())] })

  /** The document, made by whoever comes first. */
  async function made(): Promise<void> {
    isMade ??= ask(() => schema.gate.insertOne({ _id, position: 0, last: 0, statements: 0, open: [] }))
      .catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
      })
      .then(() => {})
    return isMade.catch((error: unknown) => {
      isMade = null
      throw error
    })
  }

  async function open(count: number, session: ClientSession): Promise<Ticket> {
    await made()
    const { id } = session.id!
    const gate = await ask(() =>
      schema.gate.findOneAndUpdate(
        { _id },
        [
          {
            $set: {
              last: { $max: [now(), { $add: ['$last', 1] }] },
              position: { $add: ['$position', count] },
            },
          },
          {
            $set: {
              open: {
                $concatArrays: [
                  '$open',
                  [
                    {
                      first: { $add: ['$position', 1 - count] },
                      count: { $literal: count },
                      stored: '$last',
                      session: { $literal: id },
                      at: '$$NOW',
                    },
                  ],
                ],
              },
            },
          },
        ],
        { returnDocument: 'after' },
      ),
    )
    const { position, last } = gate!
    return hold({ first: position - count + 1, count, stored: last })
  }

  function hold({ first, count, stored }: Pick<OpenTicket, 'first' | 'count' | 'stored'>): Ticket {
    const beat = setInterval(() => {
      schema.gate
        .updateOne({ _id, 'open.first': first }, { $currentDate: { 'open.$.at': true } })
        .catch(() => {})
    }, BEAT).unref()
    const end = (done: Done | null) => {
      clearInterval(beat)
      if (done) written = Math.max(written, first + count - 1)
      const taken = take(first, done)
      closing.add(taken)
      void taken.finally(() => {
        closing.delete(taken)
        for (const wake of listeners) wake()
      })
    }
    return {
      first,
      stored,
      moment: ({ fresh, references }) => ({
        _id: names.at(first),
        tenant: _id,
        stored,
        last: first + count - 1,
        fresh,
        ...(references && { references }),
      }),
      close: end,
      async settle() {
        // Should that fail, others will find it not renewed.
        clearInterval(beat)
        const moment = await ask(() => shutOut({ first, count, stored }))
        const kept = !moment.shut
        end(kept ? doneOf(moment) : null)
        return kept
      },
    }
  }

  /** Takes a ticket out, and counts what was done under it: once, whoever does it. Left undone, others do it later. */
  async function take(first: Position, done: Done | null): Promise<void> {
    await schema.gate
      .updateOne(
        { _id, 'open.first': first },
        {
          $pull: { open: { first } },
          ...(done && { $inc: { statements: done.fresh } }),
          ...(done?.references && { $set: { references: true } }),
        },
        // It follows a commit that a majority has; if it is lost with its server, the ticket is found open again.
        { writeConcern: { w: 1, journal: false } },
      )
      .catch(() => {})
    viewedAt = 0
  }

  /** From then on a ticket's transaction was kept, or never will be. */
  async function shutOut(ticket: Pick<OpenTicket, 'first' | 'count' | 'stored'>): Promise<MomentDocument> {
    const moment: MomentDocument = {
      _id: names.at(ticket.first),
      tenant: _id,
      stored: ticket.stored,
      last: ticket.first + ticket.count - 1,
      fresh: 0,
      shut: true,
    }
    for (;;) {
      try {
        await schema.moment.insertOne(moment)
        return moment
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        // None where the transaction that had inserted it was undone meanwhile.
        const kept = await schema.moment.findOne({ _id: moment._id })
        if (kept) return kept
        await pause(10)
      }
    }
  }

  /** Tickets whose holders do not show themselves any more. */
  async function settleLost(gate: GateDocument & { seen: Date }): Promise<void> {
    for (const ticket of gate.open) {
      if (gate.seen.getTime() - ticket.at.getTime() < LIFE) continue
      // Its transaction may be open yet, and would hold up the insert until the server ends it.
      await db
        .admin()
        .command({ killSessions: [{ id: ticket.session }] })
        .catch((error: unknown) => {
          if (!(error instanceof MongoServerError)) throw error
        })
      const moment = await shutOut(ticket)
      await take(ticket.first, moment.shut ? null : doneOf(moment))
    }
  }

  async function look(): Promise<View> {
    await made()
    const gate = (await ask(() =>
      schema.gate.findOneAndUpdate(
        { _id },
        [
          {
            $set: {
              // Told is told: whoever writes later has a later time.
              last: { $max: [now(), '$last'] },
              seen: '$$NOW',
            },
          },
        ],
        { returnDocument: 'after' },
      ),
    )) as (GateDocument & { seen: Date }) | null
    const { open, position, last, statements, references } = gate!
    settling ??= settleLost(gate!)
      .catch(() => {})
      .finally(() => {
        settling = null
      })
    const first = open.reduce((least, ticket) => Math.min(least, ticket.first), position + 1)
    const stored = open.reduce((least, ticket) => Math.min(least, ticket.stored - 1), last)
    told = Math.max(told, stored)
    const seen = { visible: first - 1, watermark: told, statements, references: references === true }
    if (seen.visible > (view?.visible ?? 0)) for (const wake of listeners) wake()
    view = seen
    return seen
  }

  async function current(): Promise<View> {
    await Promise.all(closing)
    if (view && performance.now() - viewedAt < FRESH) return view
    viewing ??= look().finally(() => {
      viewing = null
    })
    const began = performance.now()
    const found = await viewing
    viewedAt = began
    return found
  }

  async function reach(position: Position): Promise<void> {
    const until = performance.now() + REACHED
    while ((view?.visible ?? 0) < position && (await current()).visible < position) {
      if (performance.now() > until) return
      await pause(10)
      viewedAt = 0
    }
  }

  return {
    open,
    async view(fresh = false) {
      if (fresh) {
        // One that is under way may have looked before.
        await viewing?.catch(() => {})
        viewedAt = 0
      }
      const until = performance.now() + OWN
      for (;;) {
        const found = await current()
        if (found.visible >= written || performance.now() > until) return found
        await pause(5)
        viewedAt = 0
      }
    },
    async passed() {
      const gate = await ask(() => schema.gate.findOne({ _id }))
      await reach(gate?.position ?? 0)
    },
    reach,
    async clear() {
      await look()
      await settling
    },
    onMore(wake) {
      listeners.add(wake)
      return () => listeners.delete(wake)
    },
    async end() {
      await Promise.all(closing)
    },
  }
}

const doneOf = ({ fresh, references }: MomentDocument): Done => ({ fresh, references: references === true })

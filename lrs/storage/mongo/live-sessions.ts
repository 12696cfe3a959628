import { randomUUID } from 'node:crypto'
import { type Binary, type ClientSession, type Db, MongoServerError } from 'mongodb'

/**
 * A transaction that a process had open when it died keeps what it touched from everybody else until the server gives it
 * up, a minute later. So a process that has transactions open says in which sessions, and shows itself every second; who
 * finds something in the way looks for one that does not any more, and ends its sessions.
 */
export interface LiveSessions {
  /** Before a transaction begins in it. */
  enter(session: ClientSession): Promise<void>
  /** After it has ended. */
  leave(): void
  /** Ends the transactions of processes that have died. */
  clear(): Promise<void>
  end(): Promise<void>
}

interface ProcessDocument {
  _id: string
  /** By the server's clock. */
  beat: Date
  sessions: Binary[]
}

const BEAT = 1_000
/** Not seen for so long, it has died, ms. */
const LIFE = 3_000

export function createLiveSessions(db: Db): LiveSessions {
  const processes = db.collection<ProcessDocument>('process')
  const _id = randomUUID()
  const mine = new Map<string, Binary>()
  let told = new Set<string>()
  let open = 0
  let toldAt = Number.NEGATIVE_INFINITY
  let telling: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  /** Shows this process, with the sessions that it had not told of. */
  async function tell(): Promise<void> {
    const began = performance.now()
    const fresh = [...mine].filter(([key]) => !told.has(key))
    const { upsertedCount } = await processes.updateOne(
      { _id },
      { $currentDate: { beat: true }, $addToSet: { sessions: { $each: fresh.map(([, id]) => id) } } },
      { upsert: true },
    )
    // Taken for dead meanwhile: what had been told is forgotten.
    const forgotten = upsertedCount > 0 && told.size > 0
    told = forgotten ? new Set() : new Set([...told, ...fresh.map(([key]) => key)])
    if (forgotten) return tell()
    toldAt = began
  }

  /** One at a time; a session that came while one was under way is told of by the next. */
  async function show(key?: string): Promise<void> {
    while ((key !== undefined && !told.has(key)) || performance.now() - toldAt > BEAT) {
      telling ??= tell().finally(() => {
        telling = null
      })
      await telling
    }
  }

  return {
    async enter(session) {
      const { id } = session.id!
      const key = id.toString('hex')
      mine.set(key, id)
      open++
      timer ??= setInterval(() => void show().catch(() => {}), BEAT).unref()
      await show(key)
    },
    leave() {
      if (--open > 0 || !timer) return
      clearInterval(timer)
      timer = null
    },
    async clear() {
      // The server's clock, by which they showed themselves.
      const { localTime } = (await db.admin().command({ hello: 1 })) as { localTime: Date }
      const dead = await processes.find({ beat: { $lt: new Date(localTime.getTime() - LIFE) } }).toArray()
      for (const { _id: other, beat, sessions } of dead) {
        if (other === _id || sessions.length === 0) continue
        await db
          .admin()
          .command({ killSessions: sessions.map((id) => ({ id })) })
          .catch((error: unknown) => {
            if (!(error instanceof MongoServerError)) throw error
          })
        await processes.deleteOne({ _id: other, beat })
      }
    },
    async end() {
      if (timer) clearInterval(timer)
      await processes.deleteOne({ _id }).catch(() => {})
    },
  }
}

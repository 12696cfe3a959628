import { createHash } from 'node:crypto'
import session, { type SessionData, type Store } from 'express-session'
import { type Collections, defineCollection } from '../lrs/index.ts'

/** Sessions by a hash of their id: whoever reads the store cannot take a session over. */
export const sessions = defineCollection<SessionData>('web-sessions')

export const SESSION_MS = 30 * 86_400_000
/** On a shared device: after this long without a page, the session is over. */
export const SHARED_SESSION_MS = 20 * 60_000
/** A session that is only read is written again at most this often (a share of its life). */
const TOUCH_SHARE = 0.05

const keyOf = (id: string) => createHash('sha256').update(id).digest('base64url')

export function lifeOf(data: Pick<SessionData, 'shared'>): number {
  return data.shared ? SHARED_SESSION_MS : SESSION_MS
}

/** A store for express-session over the storage port: durable, shared by all processes, expired by the store. */
export function sessionStore(collections: Collections): Store {
  const write = (id: string, data: SessionData) => {
    const expires = Date.now() + lifeOf(data)
    return collections.put(sessions, keyOf(id), plain({ ...data, written: Date.now() }), { expires })
  }
  // The types call it abstract; it is a plain constructor that wants these four methods.
  const store = new (session.Store as unknown as new () => Store)()
  return Object.assign(store, {
    get(id: string, done: (error: unknown, data?: SessionData | null) => void) {
      collections.get(sessions, keyOf(id)).then((doc) => {
        const fresh = doc && Date.now() - (doc.value.written ?? 0) < lifeOf(doc.value)
        done(null, fresh ? doc.value : null)
      }, done)
    },
    set(id: string, data: SessionData, done?: (error?: unknown) => void) {
      write(id, data).then(() => done?.(), done)
    },
    touch(id: string, data: SessionData, done?: (error?: unknown) => void) {
      if (Date.now() - (data.written ?? 0) < lifeOf(data) * TOUCH_SHARE) return done?.()
      write(id, data).then(() => done?.(), done)
    },
    destroy(id: string, done?: (error?: unknown) => void) {
      collections.delete(sessions, keyOf(id)).then(() => done?.(), done)
    },
  })
}

/** What JSON keeps of it: the cookie's methods and dates are made again by express-session. */
function plain(data: SessionData): SessionData {
  return JSON.parse(JSON.stringify(data)) as SessionData
}

import { createHash } from 'node:crypto'
import session, { type SessionData, type Store } from 'express-session'
import { type Collections, defineCollection } from '../lrs/index.ts'

/**
 * Sessions by a hash of their id: whoever reads the store cannot take a session over. A person's are found by who is
 * signed in with them.
 */
export const sessions = defineCollection<SessionData>('web-sessions', {
  person: ['passport.user.id', 'written'],
})

export const SESSION_MS = 30 * 86_400_000
/** On a shared device: after this long without use, the session is over. */
export const SHARED_SESSION_MS = 15 * 60_000
/** Between the password and the second step. */
export const HALF_SIGNED_IN_MS = 5 * 60_000
/** A session that is only read is written again at most this often: a share of its life, and in ms. */
const TOUCH_SHARE = 0.05
const TOUCH_MS = 15 * 60_000

/** Under what a session is kept; also its name on its owner's list. */
export const sessionKey = (id: string) => createHash('sha256').update(id).digest('base64url')

export function lifeOf(data: Pick<SessionData, 'shared' | 'secondStep'>): number {
  if (data.secondStep) return HALF_SIGNED_IN_MS
  return data.shared ? SHARED_SESSION_MS : SESSION_MS
}

export const isOver = (data: SessionData, now = Date.now()) => now - (data.written ?? 0) >= lifeOf(data)

/** A store for express-session over the storage port: durable, shared by all processes, expired by the store. */
export function sessionStore(collections: Collections): Store {
  const write = async (id: string, data: SessionData) => {
    const key = sessionKey(id)
    const value = plain({ ...data, written: Date.now() })
    const options = { expires: Date.now() + lifeOf(data) }
    // One that was read is kept only while it is there: its owner may have ended it from elsewhere meanwhile.
    if (data.written === undefined) return collections.put(sessions, key, value, options)
    for (;;) {
      const known = await collections.get(sessions, key)
      if (!known || (await collections.replace(sessions, key, value, known.revision, options))) return
    }
  }
  // The types call it abstract; it is a plain constructor that wants these four methods.
  const store = new (session.Store as unknown as new () => Store)()
  return Object.assign(store, {
    get(id: string, done: (error: unknown, data?: SessionData | null) => void) {
      collections.get(sessions, sessionKey(id)).then((doc) => {
        done(null, doc && !isOver(doc.value) ? doc.value : null)
      }, done)
    },
    set(id: string, data: SessionData, done?: (error?: unknown) => void) {
      write(id, data).then(() => done?.(), done)
    },
    touch(id: string, data: SessionData, done?: (error?: unknown) => void) {
      const rest = Math.min(lifeOf(data) * TOUCH_SHARE, TOUCH_MS)
      if (Date.now() - (data.written ?? 0) < rest) return done?.()
      write(id, data).then(() => done?.(), done)
    },
    destroy(id: string, done?: (error?: unknown) => void) {
      collections.delete(sessions, sessionKey(id)).then(() => done?.(), done)
    },
  })
}

/** What JSON keeps of it: the cookie's methods and dates are made again by express-session. */
function plain(data: SessionData): SessionData {
  return JSON.parse(JSON.stringify(data)) as SessionData
}

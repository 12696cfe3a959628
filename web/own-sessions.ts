import type { Collections, Operation } from '../lrs/index.ts'
import type { Audit, Person } from '../profiles/index.ts'
import type { Device } from './device.ts'
import { isOver, sessions } from './session-store.ts'

/** A session as its owner sees it. */
export interface OwnSession {
  /** Names it in a form; worth nothing as a cookie. */
  key: string
  device: Device
  /** Ms; absent for one that began before this was kept. */
  begun: number | null
  /** To a quarter of an hour. */
  seen: number
  shared: boolean
}

/** At most so many on one page, and ended in one batch. */
const MOST = 100

/** Those that a person is signed in with, the latest seen first; those of an old password are over. */
export async function sessionsOf(
  collections: Collections,
  person: Pick<Person, 'id' | 'passwordChanges'>,
): Promise<OwnSession[]> {
  const all: OwnSession[] = []
  for await (const { key, value } of documentsOf(collections, person.id)) {
    if (isOver(value) || value.passport?.user?.passwordChanges !== (person.passwordChanges ?? 0)) continue
    all.push({
      key,
      device: value.device ?? { browser: null, system: null },
      begun: value.begun ?? null,
      seen: value.written ?? 0,
      shared: value.shared === true,
    })
    if (all.length === MOST) break
  }
  return all
}

/** Ends one of this person's sessions; `false` when it is none of theirs, or over. */
export async function endSession(collections: Collections, person: string, key: string): Promise<boolean> {
  const doc = await collections.get(sessions, key)
  return doc?.value.passport?.user?.id === person && (await collections.delete(sessions, key))
}

/** Ends all of this person's sessions but this one. Who signs in meanwhile came after it. */
export async function endOtherSessions(
  { collections, auditNote }: { collections: Collections; auditNote: Audit },
  person: string,
  own: string,
): Promise<number> {
  let ended = 0
  for (;;) {
    const ends: Operation[] = []
    for await (const { key } of documentsOf(collections, person)) {
      if (key !== own) ends.push({ op: 'delete', collection: sessions, key })
      if (ends.length === MOST) break
    }
    if (ends.length === 0) return ended
    await collections.batch([
      ...ends,
      auditNote({
        action: 'sessions-end',
        actor: person,
        subjects: [person],
        detail: { count: ends.length },
      }),
    ])
    ended += ends.length
  }
}

async function* documentsOf(collections: Collections, person: string) {
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(collections, person, after)
    yield* page.docs
    after = page.next
  } while (after !== null)
}

const pageOf = (collections: Collections, person: string, after: string | null) =>
  collections.find(sessions, {
    index: 'person',
    equals: { 'passport.user.id': person },
    descending: true,
    limit: MOST,
    ...(after !== null && { after }),
  })

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { type Collections, findPage, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import { hashPassword, verifyPassword } from '../accounts/password.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { agreed } from '../consents/agreed.ts'
import { disputedAmong } from '../corrections/disputes.ts'
import { hiddenAmong } from '../corrections/hidden.ts'
import { namesOf } from '../corrections/names.ts'
import { readMany } from '../corrections/read-many.ts'
import { MERGES, MOST_MERGES } from '../merges/documents.ts'
import { familyOf, findOfFamily } from '../merges/family-of.ts'
import { holderOf } from '../merges/holder.ts'
import { LINES } from '../projection/documents.ts'
import { lineId } from '../projection/fact.ts'
import { lineKeyOf } from '../projection/tally.ts'
import type { Accounts, Person, PersonId, RecordLine, Transcript } from '../types.ts'
import { OPENINGS, SHARES, type ShareDocument } from './documents.ts'

/** What a person shows of their record to somebody, for some time. */
export interface Share extends Omit<ShareDocument, 'passwordHash'> {
  id: string
  hasPassword: boolean
  state: ShareState
}
/** `stopped`: its owner withdrew their consent to a record since; it does not come back with another consent. */
export type ShareState = 'open' | 'over' | 'revoked' | 'stopped'

export interface ShareInput {
  purpose: string
  reader: string
  lines: readonly string[]
  days: number
  password: string | null
}

/** What its reader sees. */
export interface SharedRecord {
  /** Of whom. */
  name: string
  share: Share
  /**
   * In the order of the choice, without what its owner hides now, told by those alone who told of it then; null where
   * nothing of it is on the record any more.
   */
  lines: (RecordLine | null)[]
  /** Of these lines, those of which somebody told who does not any more. */
  less: ReadonlySet<string>
  /** How many of those that were chosen its owner hides now. */
  hidden: number
  /** Of these lines, what is being looked at, and since when (ms). */
  disputed: ReadonlyMap<string, number>
}

export type SharedEntries = Pick<SharedRecord, 'lines' | 'less'>

export interface Shares {
  /** The token is told this once. */
  create(person: PersonId, input: ShareInput): Promise<{ share: Share; token: string } | Refusal>
  /** Newest first. */
  of(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ shares: Share[]; next: string | null }>
  /** Null for a share of somebody else. */
  get(person: PersonId, id: string): Promise<Share | null>
  /** What its reader would see of what was chosen, hidden ones too; null for a share of somebody else. */
  holds(person: PersonId, id: string): Promise<SharedEntries | null>
  /** Nobody opens it any more; null for a share of somebody else. One that is over stays as it is. */
  revoke(person: PersonId, id: string): Promise<Share | null>
  /** Newest first, ms. */
  openings(
    person: PersonId,
    id: string,
    options: { after?: string; limit: number },
  ): Promise<{ openings: number[]; next: string | null }>
  /** What stands behind a token, without opening it: `share-unknown`, or `share-gone` with `since`. */
  knock(token: string): Promise<{ ok: true; needsPassword: boolean } | (Refusal & { since?: number })>
  /** Opens and counts it; refused as above, or `share-password-wrong`. */
  open(
    token: string,
    password: string | null,
  ): Promise<{ ok: true; record: SharedRecord } | (Refusal & { since?: number })>
}

export const SHARE_LIMITS = { lines: 200, days: 90, words: 200, password: 128 } as const
const DAY = 86_400_000

export interface SharesDeps {
  collections: Collections
  accounts: Pick<Accounts, 'get'>
  transcript: Pick<Transcript, 'line' | 'entries' | 'count'>
  now: () => number
}

type Owner = { maker: Person; holder: Person; since: number } | null

/**
 * A share is a fixed choice of lines, and of who tells of each, under a token of 128 random bits, kept as its hash. What the lines say is read when
 * it is opened, so that a correction shows and what was voided or hidden meanwhile is gone. It rests on the consent under which it was made:
 * once that is withdrawn it is over for good, from that moment on.
 */
export function createShares({ collections, accounts, transcript, now }: SharesDeps): Shares {
  const shareOf = (id: string, { passwordHash, ...rest }: ShareDocument, owner: Owner): Share => ({
    ...rest,
    id,
    hasPassword: passwordHash !== null,
    state:
      rest.revoked !== null
        ? 'revoked'
        : rest.until <= now()
          ? 'over'
          : isStopped(rest, owner)
            ? 'stopped'
            : 'open',
  })
  const read = async (id: string) => {
    const doc = await collections.get(SHARES, id)
    if (!doc) return null
    const owner = await ownerOf(doc.value.person)
    return { ...doc, owner, share: shareOf(id, doc.value, owner) }
  }
  /** Whoever made a share, with whose record theirs is a part of now, and since when. */
  async function ownerOf(id: PersonId): Promise<Owner> {
    const maker = await accounts.get(id)
    if (!maker) return null
    let [holder, since] = [maker, 0]
    for (let steps = 0; holder.mergedInto !== undefined && steps < MOST_MERGES; steps++) {
      const find = { index: 'from', equals: { from: holder.id }, descending: true, limit: 1 }
      const [merge] = (await collections.find(MERGES, find)).docs
      since = Math.max(since, merge?.value.at ?? 0)
      holder = (await accounts.get(holder.mergedInto)) ?? holder
    }
    return { maker, holder, since }
  }
  const ownDoc = async (person: PersonId, id: string) => {
    const doc = await read(id)
    return doc && (await familyOf(collections, person)).includes(doc.value.person) ? doc : null
  }
  async function atDoor(token: string) {
    const doc = await read(hashOf(token))
    if (!doc) return refuse(UNKNOWN)
    if (doc.share.state === 'open') return { ok: true as const, doc }
    const stopped = doc.share.state === 'stopped' ? stoppedAt(doc.owner) : null
    const ends = [doc.value.revoked, stopped, doc.value.until].filter((at) => at !== null && at !== undefined)
    return { ...refuse(GONE), since: Math.min(...ends) }
  }

  /**
   * What there is now of what was chosen, each once: of what was one several may be by now, and the other way round. After
   * a merge it is looked for on the record of whom its person was found to be.
   */
  async function heldBy({ person, lines, members, keys = {} }: ShareDocument): Promise<SharedEntries> {
    const holder = (await holderOf(accounts, person))?.id ?? person
    const nameOn = (id: string) => {
      const key = holder === person ? undefined : keys[id]
      return key === undefined ? id : lineId(holder, key)
    }
    // An earlier version of the product wrote none: what it meant for certain is the line itself.
    const chosen = (members ?? lines.map((id) => [id])).map((names) => names.map(nameOn))
    const entries = await transcript.entries(holder, chosen.flat())
    const byName = new Map(entries.flatMap((entry) => namesOf(entry).map((name) => [name, entry] as const)))
    const shown = new Set<RecordLine>()
    const less = new Set<string>()
    const all = chosen.flatMap((names): (RecordLine | null)[] => {
      const found = [...new Set(names.flatMap((name) => byName.get(name) ?? []))]
      if (found.length === 0) return [null]
      if (names.some((name) => !byName.has(name))) for (const { id } of found) less.add(id)
      const more = found.filter((entry) => !shown.has(entry))
      for (const entry of more) shown.add(entry)
      return more
    })
    return { lines: all, less }
  }

  return {
    async create(person, input) {
      const [first, ...others] = problemsOf(input)
      if (first) return refuse(first, ...others)
      const chosen = [...new Set(input.lines)]
      const lines = (await Promise.all(chosen.map((id) => transcript.line(person, id)))).filter(isThere)
      if (lines.length < chosen.length) return refuse(LINE_UNKNOWN)
      if ((await hiddenAmong(collections, lines)).size > 0) return refuse(LINE_HIDDEN)
      const of = await transcript.count(person)
      if (of === null) return refuse(RECORD_MOVES)
      const ordered = [
        ...new Map(
          lines.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map((line) => [line.id, line]),
        ).values(),
      ]
      const members = ordered.map(namesOf)
      const token = randomBytes(16).toString('base64url')
      const value: ShareDocument = {
        person,
        purpose: input.purpose.trim(),
        reader: input.reader.trim(),
        lines: ordered.map(({ id }) => id),
        members,
        keys: await keysOf(collections, members.flat()),
        of,
        created: now(),
        until: now() + input.days * DAY,
        revoked: null,
        passwordHash: input.password === null ? null : await hashPassword(input.password),
        openings: 0,
        opened: null,
      }
      await collections.insert(SHARES, hashOf(token), value)
      return { share: shareOf(hashOf(token), value, await ownerOf(person)), token }
    },

    async of(person, { after, limit }) {
      const page = await findOfFamily(collections, SHARES, person, { after, limit })
      const shares = page.docs.map(async ({ key, value }) => shareOf(key, value, await ownerOf(value.person)))
      return { shares: await Promise.all(shares), next: page.next }
    },

    get: async (person, id) => (await ownDoc(person, id))?.share ?? null,

    async holds(person, id) {
      const doc = await ownDoc(person, id)
      return doc && heldBy(doc.value)
    },

    async revoke(person, id) {
      for (;;) {
        const doc = await ownDoc(person, id)
        if (doc?.share.state !== 'open') return doc?.share ?? null
        const value = { ...doc.value, revoked: now() }
        if (await collections.replace(SHARES, id, value, doc.revision)) return shareOf(id, value, doc.owner)
      }
    },

    async openings(person, id, { after, limit }) {
      if (!(await ownDoc(person, id))) return { openings: [], next: null }
      const page = await findPage(collections, OPENINGS, {
        index: 'share',
        equals: { share: id },
        descending: true,
        limit,
        after,
      })
      return { openings: page.docs.map(({ value }) => value.at), next: page.next }
    },

    async knock(token) {
      const door = await atDoor(token)
      return 'doc' in door ? { ok: true, needsPassword: door.doc.share.hasPassword } : door
    },

    async open(token, password) {
      for (let isRight = false; ; ) {
        const door = await atDoor(token)
        if (!('doc' in door)) return door
        const { key, value, revision } = door.doc
        isRight ||= value.passwordHash === null || (await verifyPassword(value.passwordHash, password ?? ''))
        if (!isRight) return refuse(PASSWORD_WRONG)
        const { owner } = door.doc
        if (!owner) return refuse(UNKNOWN)
        const opened = { ...value, openings: value.openings + 1, opened: now() }
        // Revoked or opened by another a moment ago: what counts is what it is now.
        const outcome = await collections.batch([
          { op: 'replace', collection: SHARES, key, revision, value: opened },
          { op: 'insert', collection: OPENINGS, key: randomUUID(), value: { share: key, at: opened.opened } },
        ])
        if (!outcome.ok) continue
        const { lines: found, less } = await heldBy(value)
        const there = found.filter(isThere)
        const [hidden, disputed] = await Promise.all([
          hiddenAmong(collections, there),
          disputedAmong(collections, there),
        ])
        const lines = found.filter((line) => !line || !hidden.has(line.id))
        const aside = { less, hidden: found.length - lines.length, disputed }
        return {
          ok: true,
          record: { name: owner.maker.name, share: shareOf(key, opened, owner), lines, ...aside },
        }
      }
    },
  }
}

const answeredAt = (person: Person) => person.consents?.['learning-record']?.since ?? 0

/**
 * Made before the consent that holds now, or with none. After a merge it rests on the other's consent too, as it was
 * when the two were found to be one.
 */
function isStopped({ created }: Pick<ShareDocument, 'created'>, owner: Owner): boolean {
  if (owner === null || !agreed(owner.maker) || !agreed(owner.holder)) return true
  const { maker, holder, since } = owner
  return created < answeredAt(maker) || (holder !== maker && Math.max(created, since) < answeredAt(holder))
}

/** ms */
const stoppedAt = (owner: Owner) =>
  owner && answeredAt(agreed(owner.maker) && owner.holder !== owner.maker ? owner.holder : owner.maker)

/** Characters of keys of one share, which have the IRIs of activities in them; what has no room does not follow a merge. */
const MOST_OF_KEYS = 1_000_000

async function keysOf(collections: Collections, ids: readonly string[]): Promise<Record<string, string>> {
  const keys: Record<string, string> = {}
  let room = MOST_OF_KEYS
  for (const [id, { value }] of await readMany(collections, LINES, ids)) {
    const key = lineKeyOf(value.tally)
    room -= key?.length ?? 0
    if (key !== null && room > 0) keys[id] = key
  }
  return keys
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
const isThere = <T>(one: T | null): one is T => one !== null

function problemsOf({ purpose, reader, lines, days, password }: ShareInput): Problem[] {
  const words = (path: string, text: string): Problem[] =>
    text.trim() === ''
      ? [
          {
            id: `share-${path}-missing`,
            status: 400,
            path,
            message: `Write the ${path}; you see it in your list.`,
          },
        ]
      : text.length > SHARE_LIMITS.words || !text.isWellFormed()
        ? [
            {
              id: `share-${path}-long`,
              status: 400,
              path,
              message: `At most ${SHARE_LIMITS.words} characters.`,
            },
          ]
        : hasCitizenNumber(text)
          ? [
              {
                id: `share-${path}-number`,
                status: 400,
                path,
                message: 'Do not write a citizen number here.',
              },
            ]
          : []
  const chosen = new Set(lines).size
  return [
    ...(chosen === 0 ? [LINES_MISSING] : chosen > SHARE_LIMITS.lines ? [LINES_MANY] : []),
    ...words('purpose', purpose),
    ...words('reader', reader),
    ...(Number.isInteger(days) && days >= 1 && days <= SHARE_LIMITS.days ? [] : [DAYS_WRONG]),
    ...(password !== null &&
    (password === '' || password.length > SHARE_LIMITS.password || !password.isWellFormed())
      ? [PASSWORD_BAD]
      : []),
  ]
}

const LINES_MISSING: Problem = {
  id: 'share-lines-missing',
  status: 400,
  path: 'line',
  message: 'Choose at least one line to share.',
}
const LINES_MANY: Problem = {
  id: 'share-lines-many',
  status: 400,
  path: 'line',
  message: `One share holds at most ${SHARE_LIMITS.lines} lines. Choose fewer, or make two shares.`,
}
const LINE_UNKNOWN: Problem = {
  id: 'share-line-unknown',
  status: 409,
  path: 'line',
  message: 'A chosen line is not on your record any more. Choose again.',
}
const RECORD_MOVES: Problem = {
  id: 'share-record-moves',
  status: 409,
  path: 'line',
  message: 'Something is just being taken out of your record. Try again in a moment.',
}
const LINE_HIDDEN: Problem = {
  id: 'share-line-hidden',
  status: 409,
  path: 'line',
  message: 'A chosen line is hidden from shares. Show it first, or leave it out.',
}
const DAYS_WRONG: Problem = {
  id: 'share-days-wrong',
  status: 400,
  path: 'days',
  message: `A share lasts from 1 to ${SHARE_LIMITS.days} days.`,
}
const PASSWORD_BAD: Problem = {
  id: 'share-password-bad',
  status: 400,
  path: 'password',
  message: `A password has 1 to ${SHARE_LIMITS.password} characters.`,
}
const PASSWORD_WRONG: Problem = {
  id: 'share-password-wrong',
  status: 403,
  path: 'password',
  message: 'The password is not right. Ask whoever sent you the link.',
}
const UNKNOWN: Problem = {
  id: 'share-unknown',
  status: 404,
  message: 'There is no such share. Check the link, or ask whoever sent it.',
}
const GONE: Problem = {
  id: 'share-gone',
  status: 410,
  message: 'This share has ended. Ask whoever sent it for another.',
}

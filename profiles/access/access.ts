import { createHash } from 'node:crypto'
import { type Collections, type Operation, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import { isShowable } from '../accounts/name.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { readMany } from '../corrections/read-many.ts'
import { LINKS, recordOf } from '../links/documents.ts'
import { findOfFamily } from '../merges/family-of.ts'
import type { OrganisationId } from '../organisations/types.ts'
import { localDay } from '../projection/time.ts'
import type { PersonId } from '../types.ts'
import {
  ACCESSES,
  type Access,
  GIVEN_PURPOSES,
  type GivenPurpose,
  type LookedAt,
  type OwnPurpose,
  PURPOSES,
} from './documents.ts'

/** For how long a purpose holds, for one person, in one session. */
const PURPOSE_MS = 8 * 3_600_000
export const MOST_PURPOSE_WORDS = 200
/** What one reader looks at again within this time, for the same purpose, is one entry. */
const SLOT_MS = 15 * 60_000
/** Entries of one batch. */
const AT_ONCE = 500
/** Readings by credentials that are known to be noted; then it forgets, and asks the store again. */
const MOST_KNOWN = 20_000

/** Somebody of an organisation at work. `session` names one sign-in of theirs; it is no secret here. */
export interface StaffReader {
  person: PersonId
  organisation: OrganisationId
  session: string
}
/** The same; or, for no organisation, who runs the product. */
export type WorkReader = Omit<StaffReader, 'organisation'> & { organisation: OrganisationId | null }

/** Under which identifier, and by which source, something was sent that is read. */
interface Told {
  agent: string
  source: string
}

/** Who looked at whose record. Problem ids: `purpose-missing`, `purpose-words-missing`, `purpose-words-long`, `purpose-words-bad`, `purpose-words-number`. */
export interface Accesses {
  /** Why this person is looked at, for eight hours of this session. */
  givePurpose(
    reader: WorkReader,
    person: PersonId,
    given: { purpose: string; words: string },
  ): Promise<GivenPurpose | Refusal>
  purposeOf(reader: WorkReader, person: PersonId): Promise<GivenPurpose | null>
  /**
   * Notes that staff look, then reads: nothing is read that was not noted. `purpose` is for what follows from the act;
   * else the one that was given holds (`purpose-missing` without).
   */
  read<T>(
    reader: WorkReader,
    looked: { person: PersonId; what: LookedAt; purpose?: OwnPurpose | 'confirm' },
    read: () => Promise<T>,
  ): Promise<{ ok: true; found: T } | Refusal>
  /** Notes that an operator looks at a person. */
  noteOperator(reader: PersonId, looked: { person: PersonId; what: LookedAt }): Promise<void>
  /** Notes, of each person whose statements these are, that an operator looks at them: once a day. */
  noteStatements(reader: PersonId, told: readonly Told[]): Promise<void>
  /** Notes, of each person whom these tell of, that a credential read what others had sent: once a day. */
  noteQuery(reader: { credential: string; source: string }, told: readonly Told[]): Promise<void>
  /** Newest first. */
  of(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ accesses: Access[]; next: string | null }>
}

export function createAccesses({
  collections,
  now,
}: {
  collections: Collections
  now: () => number
}): Accesses {
  /** Of readings by credentials: an answer of the store need not be asked for again that day. */
  const known = new Set<string>()

  /** The insert of an entry; it stands under what makes it one, so that a page that is loaded again is no second one. */
  const entryOf = (access: Omit<Access, 'at'>, slot: string | number): { key: string; value: Access } => ({
    key: hashOf([...Object.values({ ...EMPTY, ...access }), slot]),
    value: { ...EMPTY, ...access, at: now() },
  })
  const slotNow = () => Math.floor(now() / SLOT_MS)

  /** Those of these entries that are not there yet are written. */
  async function noteAll(entries: readonly { key: string; value: Access }[]): Promise<void> {
    const held = await readMany(
      collections,
      ACCESSES,
      entries.map(({ key }) => key),
    )
    const missing = entries.filter(({ key }) => !held.has(key))
    // Another may write the same one in this moment: it says the same.
    for (let from = 0; from < missing.length; from += AT_ONCE)
      await collections.batch(
        missing
          .slice(from, from + AT_ONCE)
          .map(({ key, value }): Operation => ({ op: 'put', collection: ACCESSES, key, value })),
      )
  }

  /** Whose records these are on: an identifier's person, where the source counts for them. */
  async function ownersOf(told: readonly Told[]): Promise<Map<Told, PersonId>> {
    const links = await readMany(
      collections,
      LINKS,
      told.map(({ agent }) => agent),
    )
    return new Map(
      told.flatMap((one): [Told, PersonId][] => {
        const link = links.get(one.agent)?.value
        const counts = link && (link.sources === undefined || link.sources.includes(one.source))
        return counts ? [[one, recordOf(link)]] : []
      }),
    )
  }
  const personsOf = async (told: readonly Told[]) => [...new Set((await ownersOf(told)).values())]

  const purposeKey = ({ session, organisation }: WorkReader, person: PersonId) =>
    hashOf([session, organisation, person])

  async function purposeOf(reader: WorkReader, person: PersonId): Promise<GivenPurpose | null> {
    const doc = await collections.get(GIVEN_PURPOSES, purposeKey(reader, person))
    return doc && doc.value.until > now() ? doc.value : null
  }

  return {
    purposeOf,

    async givePurpose(reader, person, { purpose: asked, words: given }) {
      const purpose = PURPOSES.find((one) => one === asked)
      if (!purpose) return refuse(PURPOSE_MISSING)
      const words = purpose === 'other' ? given.trim().replace(/\s+/gu, ' ') : null
      const problem = words === null ? null : problemOfWords(words)
      if (problem) return refuse(problem)
      const value: GivenPurpose = { purpose, words, until: now() + PURPOSE_MS }
      await collections.put(GIVEN_PURPOSES, purposeKey(reader, person), value, { expires: value.until })
      return value
    },

    async read(reader, { person, what, purpose: own }, read) {
      const given = own ? null : await purposeOf(reader, person)
      const purpose = own ?? given?.purpose
      if (!purpose) return refuse(PURPOSE_MISSING)
      if (person !== reader.person) {
        const { organisation } = reader
        const words = given?.words ?? null
        const access = { ...EMPTY, person, what, purpose, words, reader: reader.person, organisation }
        const { key, value } = entryOf(access, slotNow())
        await collections.insert(ACCESSES, key, value)
      }
      return { ok: true, found: await read() }
    },

    async noteOperator(reader, { person, what }) {
      if (person === reader) return
      const { key, value } = entryOf({ ...EMPTY, person, what, purpose: 'operation', reader }, slotNow())
      await collections.insert(ACCESSES, key, value)
    },

    async noteStatements(reader, told) {
      const persons = (await personsOf(told)).filter((person) => person !== reader)
      const what = { ...EMPTY, what: 'statements', purpose: 'operation', reader } as const
      await noteAll(persons.map((person) => entryOf({ ...what, person }, localDay(now()))))
    },

    async noteQuery({ credential, source }, told) {
      const day = localDay(now())
      const memoryOf = (one: Told) => hashOf([credential, one.agent, one.source, day])
      const fresh = told.filter((one) => !known.has(memoryOf(one)))
      const owners = await ownersOf(fresh)
      const persons = [...new Set(owners.values())]
      const what = { ...EMPTY, what: 'statements', purpose: 'query', credential, source } as const
      await noteAll(persons.map((person) => entryOf({ ...what, person }, day)))
      if (known.size >= MOST_KNOWN) known.clear()
      // Whoever is nobody's yet may be somebody's a moment later.
      for (const one of owners.keys()) known.add(memoryOf(one))
    },

    async of(person, { after, limit }) {
      const page = await findOfFamily(collections, ACCESSES, person, { after, limit })
      return { accesses: page.docs.map(({ value }) => value), next: page.next }
    },
  }
}

const EMPTY = { words: null, reader: null, organisation: null, credential: null, source: null }

const hashOf = (parts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

function problemOfWords(words: string): Problem | null {
  if (words === '') return WORDS_MISSING
  if ([...words].length > MOST_PURPOSE_WORDS) return WORDS_LONG
  if (!isShowable(words)) return WORDS_BAD
  return hasCitizenNumber(words) ? WORDS_NUMBER : null
}

const problem = (id: string, path: string, message: string): Problem => ({ id, status: 400, path, message })
const PURPOSE_MISSING = problem('purpose-missing', 'purpose', 'Choose why you look at this person’s record.')
const WORDS_MISSING = problem('purpose-words-missing', 'words', 'Write what it is for; the person reads it.')
const WORDS_LONG = problem(
  'purpose-words-long',
  'words',
  `Say it in at most ${MOST_PURPOSE_WORDS} characters.`,
)
const WORDS_BAD = problem('purpose-words-bad', 'words', 'There is a character in it that is no text.')
const WORDS_NUMBER = problem('purpose-words-number', 'words', 'Do not write a citizen number here.')

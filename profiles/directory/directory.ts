import { randomUUID } from 'node:crypto'
import {
  type Collections,
  findPage,
  foldedWords,
  type Operation,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import type { StaffReader } from '../access/access.ts'
import type { GivenPurpose } from '../access/documents.ts'
import { PERSONS } from '../accounts/documents.ts'
import { identifiersOf } from '../accounts/identifiers.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { Person, PersonId } from '../types.ts'
import { CONTACTS, contactKey, DIRECTORY, SEARCH_TIMES, SEARCHES, type SearchDocument } from './documents.ts'
import { entryOf, isFindable } from './entries.ts'
import { maskIdentifier } from './mask.ts'
import { createPersonCodes, type PersonCodes } from './person-codes.ts'
import { SEARCH_MANY, SEARCH_NUMBER, SEARCH_SHORT } from './problems.ts'
import { isMeant, prefixFor } from './terms.ts'

const HOUR = 3_600_000
const MOST_AN_HOUR = 120
const MOST_A_DAY = 500
const KEPT = 365 * 24 * HOUR
/** Pages of the index read for one page of a search at most; the rest follows behind `next`. */
const MOST_READS = 8
const READ = 100
const LEAST = 10
const LEAST_SHARE = 0.05

/** What tells namesakes apart, and no more. */
export interface Found {
  person: PersonId
  name: string
  /** When their record began, ms. */
  joined: number
  /** What they sign in with, masked. */
  masked: string[]
  /** When this organisation last had to do with them, ms. */
  contact: number | null
}

/** How staff find people. Problem ids: `search-short`, `search-number`, `search-many`, and those of codes. */
export interface Directory {
  codes: PersonCodes
  /**
   * Those whose name has, for each word of the query, one that begins so, diacritics aside. Each search is kept with its
   * purpose, and there is an end to how many one may make.
   */
  find(
    reader: StaffReader,
    asked: { query: string; purpose: GivenPurpose; after?: string; limit: number },
  ): Promise<{ ok: true; people: Found[]; next: string | null } | Refusal>
  /** One person as a search shows them; null where this reader may not open them. */
  open(reader: StaffReader, person: PersonId): Promise<Found | null>
  /** Whether a person is found by name. */
  isFindable(person: PersonId): Promise<boolean>
  setFindable(person: PersonId, findable: boolean): Promise<void>
}

export function createDirectory({
  collections,
  sealSecret,
  now,
}: {
  collections: Collections
  sealSecret: string
  now: () => number
}): Directory {
  const codes = createPersonCodes(collections, sealSecret, now)

  /** Counts a search and keeps it in one step, so that of many at once the first go through; `false`: too many. */
  async function keep(search: SearchDocument): Promise<boolean> {
    const { by, at } = search
    for (;;) {
      const doc = await collections.get(SEARCH_TIMES, by)
      const day = (doc?.value.times ?? []).filter((time) => time > at - 24 * HOUR)
      const hour = day.filter((time) => time > at - HOUR)
      if (hour.length >= MOST_AN_HOUR || day.length >= MOST_A_DAY) return false
      const times = {
        collection: SEARCH_TIMES,
        key: by,
        value: { times: [...day, at] },
        expires: at + 24 * HOUR,
      }
      const outcome = await collections.batch([
        doc ? { op: 'replace', ...times, revision: doc.revision } : { op: 'insert', ...times },
        { op: 'put', collection: SEARCHES, key: randomUUID(), value: search, expires: at + KEPT },
      ])
      if (outcome.ok) return true
    }
  }

  /** One reader's searches are counted one after another here: many at once would only stand in each other's way. */
  const turns = new Map<PersonId, Promise<boolean>>()
  async function keepInTurn(search: SearchDocument): Promise<boolean> {
    const before = turns.get(search.by)
    const mine = (before ?? Promise.resolve(true)).then(
      () => keep(search),
      () => keep(search),
    )
    turns.set(search.by, mine)
    try {
      return await mine
    } finally {
      if (turns.get(search.by) === mine) turns.delete(search.by)
    }
  }

  type Entries = Awaited<ReturnType<typeof entries>>
  const entries = (prefix: string, after: string | undefined, limit: number) =>
    findPage(collections, DIRECTORY, { index: 'terms', range: { prefix }, limit, after })

  /** Who of these entries is meant, in their order; not who is in another's place by a merge. */
  async function meantIn({ docs }: Entries, words: readonly string[]): Promise<Person[]> {
    const keys = docs.filter(({ value }) => isMeant(value.folded, words)).map(({ key }) => key)
    if (keys.length === 0) return []
    const held = await collections.getMany(PERSONS, [...new Set(keys)])
    return keys.flatMap((key) => {
      const person = held.get(key)?.value
      return person && person.mergedInto === undefined ? [person] : []
    })
  }

  /** Reads on until a page is full, or as much was read as one search may. */
  async function search(words: readonly string[], after: string | undefined, limit: number) {
    const prefix = prefixFor(words)
    const people = new Map<PersonId, Person>()
    let next: string | null = null
    let from = after
    let looked = 0
    for (let reads = 0; prefix !== null && reads < MOST_READS; reads++) {
      // As many as fill the page, if the next ones are like those before.
      const share = looked === 0 ? 1 : Math.max(people.size / looked, LEAST_SHARE)
      const wanted = Math.max(LEAST, Math.ceil((limit - people.size) / share))
      const page: Entries = await entries(prefix, from, Math.min(READ, wanted))
      looked += page.docs.length
      next = page.next
      for (const person of await meantIn(page, words)) {
        if (people.size === limit && !people.has(person.id)) {
          // The next page begins with this one.
          const place = page.docs.findIndex(({ key }) => key === person.id)
          next = place === 0 ? (from ?? null) : (await entries(prefix, from, place)).next
          return { people: [...people.values()], next }
        }
        people.set(person.id, person)
      }
      if (next === null || people.size === limit) break
      from = next
    }
    return { people: [...people.values()], next }
  }

  async function shown(organisation: OrganisationId, people: readonly Person[]): Promise<Found[]> {
    const keys = people.map(({ id }) => contactKey(organisation, id))
    const contacts = keys.length > 0 ? await collections.getMany(CONTACTS, keys) : new Map()
    return Promise.all(
      people.map(async ({ id, name, created }) => ({
        person: id,
        name,
        joined: created,
        masked: (await identifiersOf(collections, id)).map(({ kind, value }) => maskIdentifier(kind, value)),
        contact: (contacts.get(contactKey(organisation, id))?.value.at as number | undefined) ?? null,
      })),
    )
  }

  return {
    codes,

    async find(reader, { query, purpose, after, limit }) {
      const words = foldedWords(query)
      if (!words.some((word) => [...word].length >= 2)) return refuse(SEARCH_SHORT)
      const folded = words.join(' ')
      if (hasCitizenNumber(query) || hasCitizenNumber(folded)) return refuse(SEARCH_NUMBER)
      const value: SearchDocument = {
        by: reader.person,
        organisation: reader.organisation,
        at: now(),
        query: folded,
        purpose: purpose.purpose,
        words: purpose.words,
      }
      if (!(await keepInTurn(value))) return refuse(SEARCH_MANY)
      const { people, next } = await search(words, after, limit)
      return { ok: true, people: await shown(reader.organisation, people), next }
    },

    async open(reader, id) {
      const person = (await collections.get(PERSONS, id))?.value
      if (!person || person.mergedInto !== undefined) return null
      const [found] = await shown(reader.organisation, [person])
      const may =
        found?.contact !== null || (await isFindable(collections, id)) || (await codes.wasShown(reader, id))
      return may ? (found ?? null) : null
    },

    isFindable: (person) => isFindable(collections, person),

    async setFindable(id, findable) {
      for (;;) {
        const [person, held] = [await collections.get(PERSONS, id), await collections.get(DIRECTORY, id)]
        if (!person) return
        const value = entryOf(person.value.name, !findable)
        const put: Operation = held
          ? { op: 'replace', collection: DIRECTORY, key: id, value, revision: held.revision }
          : { op: 'insert', collection: DIRECTORY, key: id, value }
        const check = { op: 'check', collection: PERSONS, key: id, revision: person.revision } as const
        if ((await collections.batch([put, check])).ok) return
      }
    },
  }
}

/** Notes that an organisation had to do with a person, for the batch of what that was. */
export function noteContact(organisation: OrganisationId, person: PersonId, at: number): Operation {
  return { op: 'put', collection: CONTACTS, key: contactKey(organisation, person), value: { at } }
}

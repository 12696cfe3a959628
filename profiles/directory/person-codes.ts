import { createHash, createHmac, hkdfSync, randomInt } from 'node:crypto'
import { type Collections, type Operation, type Refusal, refuse } from '../../lrs/index.ts'
import type { StaffReader } from '../access/access.ts'
import { holdersOf } from '../merges/holder.ts'
import type { PersonId } from '../types.ts'
import { CODE_TRIES, PERSON_CODE_OF, PERSON_CODES, SHOWN_CODES } from './documents.ts'
import { PERSON_CODE_MANY, PERSON_CODE_WRONG } from './problems.ts'

const LASTS = 10 * 60_000
/** How long staff may open the person who showed it to them, in one session. */
const SHOWN_MS = 8 * 3_600_000
const HOUR = 3_600_000
const MOST_WRONG = 20
export const CODE_DIGITS = 8

/** A code that a citizen shows to staff who have to find them. Problem ids: `person-code-wrong`, `person-code-many`. */
export interface PersonCodes {
  /** Eight digits, good once within ten minutes; the one before is worth nothing any more. Told this once. */
  make(person: PersonId): Promise<{ code: string; until: number }>
  /** Uses a code up; whose it was may then be opened by this reader. */
  use(reader: StaffReader, typed: string): Promise<{ ok: true; person: PersonId } | Refusal>
  wasShown(reader: StaffReader, person: PersonId): Promise<boolean>
}

/**
 * Kept under a keyed hash, for 10⁸ codes are soon tried. A hundred living codes and twenty wrong ones an hour for each of
 * staff: who guesses finds somebody in five years.
 */
export function createPersonCodes(
  collections: Collections,
  sealSecret: string,
  now: () => number,
): PersonCodes {
  const secret = Buffer.from(
    hkdfSync('sha256', Buffer.from(sealSecret, 'hex'), '', 'suotdoi person codes v1', 32),
  )
  const keyOf = (code: string) => createHmac('sha256', secret).update(code).digest('base64url')

  /** Counts a try before it is made, so that many at once are as many; `false`: there were too many. */
  async function takeTry(by: PersonId, change: 1 | -1): Promise<boolean> {
    for (;;) {
      const doc = await collections.get(CODE_TRIES, by)
      const held = doc && doc.value.begun > now() - HOUR ? doc.value : { begun: now(), wrong: 0 }
      if (change > 0 && held.wrong >= MOST_WRONG) return false
      const value = { ...held, wrong: Math.max(0, held.wrong + change) }
      const options = { expires: held.begun + HOUR }
      const done = doc
        ? await collections.replace(CODE_TRIES, by, value, doc.revision, options)
        : await collections.insert(CODE_TRIES, by, value, options)
      if (done) return true
    }
  }

  return {
    async make(person) {
      for (;;) {
        const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
        const held = await collections.get(PERSON_CODE_OF, person)
        const until = now() + LASTS
        const value = { code: keyOf(code), until }
        const before: Operation[] = held
          ? [{ op: 'delete', collection: PERSON_CODES, key: held.value.code }]
          : []
        const mark = { collection: PERSON_CODE_OF, key: person, value, expires: until }
        const outcome = await collections.batch([
          ...before,
          {
            op: 'insert',
            collection: PERSON_CODES,
            key: value.code,
            value: { person, until },
            expires: until,
          },
          held ? { op: 'replace', ...mark, revision: held.revision } : { op: 'insert', ...mark },
        ])
        if (outcome.ok) return { code, until }
      }
    },

    async use(reader, typed) {
      if (!(await takeTry(reader.person, 1))) return refuse(PERSON_CODE_MANY)
      const code = typed.replace(/[\s.-]/g, '')
      const doc = /^\d+$/.test(code) ? await collections.get(PERSON_CODES, keyOf(code)) : null
      if (!doc || doc.value.until <= now()) return refuse(PERSON_CODE_WRONG)
      // It was right: it counts for nothing.
      await takeTry(reader.person, -1)
      const holders = await holdersOf(collections, [doc.value.person])
      const person = holders.get(doc.value.person)?.id ?? doc.value.person
      const until = now() + SHOWN_MS
      const outcome = await collections.batch([
        { op: 'delete', collection: PERSON_CODES, key: doc.key, revision: doc.revision },
        {
          op: 'put',
          collection: SHOWN_CODES,
          key: shownKey(reader, person),
          value: { until },
          expires: until,
        },
      ])
      return outcome.ok ? { ok: true, person } : refuse(PERSON_CODE_WRONG)
    },

    async wasShown(reader, person) {
      const doc = await collections.get(SHOWN_CODES, shownKey(reader, person))
      return doc !== null && doc.value.until > now()
    },
  }
}

function shownKey({ session, organisation }: StaffReader, person: PersonId): string {
  return createHash('sha256')
    .update(JSON.stringify([session, organisation, person]))
    .digest('base64url')
}

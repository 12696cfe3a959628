import { type Collections, foldedWords, type Operation } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import type { Person, PersonId } from '../types.ts'
import { DIRECTORY, DIRECTORY_FILLED, type DirectoryDocument } from './documents.ts'
import { termsOf } from './terms.ts'

export function entryOf(name: string, hidden = false): DirectoryDocument {
  return { terms: hidden ? [] : termsOf(name), folded: foldedWords(name).join(' '), hidden }
}

/** What enters a new person, for the batch that stores them. */
export function enterPerson({ id, name }: Pick<Person, 'id' | 'name'>): Operation {
  return { op: 'insert', collection: DIRECTORY, key: id, value: entryOf(name) }
}

/** What finds a person under another name, for the batch that stores it. */
export async function renameEntry(
  collections: Collections,
  { id: key }: Pick<Person, 'id'>,
  name: string,
): Promise<Operation> {
  const held = await collections.get(DIRECTORY, key)
  const value = entryOf(name, held?.value.hidden)
  return held
    ? { op: 'replace', collection: DIRECTORY, key, value, revision: held.revision }
    : { op: 'insert', collection: DIRECTORY, key, value }
}

/** Grows when names are to be found by something else. */
const EDITION = 1
const KEY = 'now'
const STEP = 200

/**
 * Enters those who were there before names were entered; goes on where it was cut short, in any number of processes.
 * Returns how many it entered.
 */
export async function fillDirectory(collections: Collections): Promise<number> {
  let entered = 0
  for (;;) {
    const held = await collections.get(DIRECTORY_FILLED, KEY)
    const now = held?.value.edition === EDITION ? held.value : { edition: EDITION, after: null, done: false }
    if (now.done) return entered
    const page = await collections.scan(PERSONS, {
      limit: STEP,
      ...(now.after !== null && { after: now.after }),
    })
    const ids = page.docs.map(({ key }) => key)
    const known = ids.length > 0 ? await collections.getMany(DIRECTORY, ids) : new Map()
    const operations = page.docs.flatMap(({ key, value }): Operation[] => {
      const entry = known.get(key)
      const wanted = entryOf(value.name, entry?.value.hidden)
      if (!entry) return [{ op: 'insert', collection: DIRECTORY, key, value: wanted }]
      if (String(entry.value.terms) === String(wanted.terms)) return []
      return [{ op: 'replace', collection: DIRECTORY, key, value: wanted, revision: entry.revision }]
    })
    const value = { edition: EDITION, after: page.next, done: page.next === null }
    const mark = { collection: DIRECTORY_FILLED, key: KEY, value }
    const outcome = await collections.batch([
      ...operations,
      held ? { op: 'replace', ...mark, revision: held.revision } : { op: 'insert', ...mark },
    ])
    if (outcome.ok) entered += operations.length
  }
}

/** Whether a person may be found by name; who is not entered yet may. */
export async function isFindable(collections: Collections, person: PersonId): Promise<boolean> {
  return (await collections.get(DIRECTORY, person))?.value.hidden !== true
}

import type { Collections } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import type { Accounts, Person, PersonId } from '../types.ts'

/** Most merges between a person and whose record theirs is a part of. */
const MOST_MERGES = 20

/**
 * Whose records theirs are a part of now, by their ids: they themselves, or whom they were found to be, however many merges
 * away. Who is not known is left out. At most 1,000 ids.
 */
export async function holdersOf(
  collections: Pick<Collections, 'getMany'>,
  ids: readonly PersonId[],
): Promise<Map<PersonId, Person>> {
  const known = new Map<PersonId, Person>()
  let wanted = [...new Set(ids)]
  for (let steps = 0; steps <= MOST_MERGES && wanted.length > 0; steps++) {
    const found = [...(await collections.getMany(PERSONS, wanted)).values()]
    for (const { key, value } of found) known.set(key, value)
    const into = found.flatMap(({ value }) => value.mergedInto ?? [])
    wanted = [...new Set(into)].filter((id) => !known.has(id))
  }
  const holders = new Map<PersonId, Person>()
  for (const id of ids) {
    let person = known.get(id)
    for (let steps = 0; person?.mergedInto !== undefined && steps < MOST_MERGES; steps++)
      person = known.get(person.mergedInto)
    if (person) holders.set(id, person)
  }
  return holders
}

/** Of one, where accounts are at hand; null for who is not known. */
export async function holderOf(accounts: Pick<Accounts, 'get'>, id: PersonId): Promise<Person | null> {
  let holder = await accounts.get(id)
  for (let steps = 0; steps < MOST_MERGES && holder?.mergedInto !== undefined; steps++)
    holder = await accounts.get(holder.mergedInto)
  return holder
}

/** Whether one of these is who acts, by themselves or by a merge. */
export async function isOneOf(
  collections: Pick<Collections, 'getMany'>,
  by: PersonId,
  persons: readonly PersonId[],
): Promise<boolean> {
  const holders = await holdersOf(collections, [by, ...persons])
  const holder = (id: PersonId) => holders.get(id)?.id ?? id
  return persons.some((person) => holder(person) === holder(by))
}

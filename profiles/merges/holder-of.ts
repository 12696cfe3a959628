import type { Accounts, Person, PersonId } from '../types.ts'

/** Most merges between a person and whose record theirs is a part of. */
const MOST_MERGES = 20

/** Whose record this person's is a part of now: they themselves, where they were merged into nobody. */
export async function holderOf(accounts: Pick<Accounts, 'get'>, id: PersonId): Promise<Person | null> {
  let holder = await accounts.get(id)
  for (let steps = 0; steps < MOST_MERGES && holder?.mergedInto !== undefined; steps++)
    holder = await accounts.get(holder.mergedInto)
  return holder
}

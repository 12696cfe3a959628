import type { PersonId } from '../types.ts'
import type { Merges } from './types.ts'

/** Under whom something may be kept that is this person's: they themselves, and everybody found to be the same. */
export async function personsOf(merges: Pick<Merges, 'of'>, person: PersonId): Promise<PersonId[]> {
  const all = [person]
  for (const each of all)
    for (const { from, into, undone } of await merges.of(each))
      if (into === each && undone === null && !all.includes(from)) all.push(from)
  return all
}

import { defineCollection } from '../../lrs/index.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId } from '../types.ts'

/**
 * Key: person id. By what a person is found by name (terms.ts), none where they chose not to be. Written in the batches
 * that write the person's name. Under one term they stand in the order of their random keys, so that those who are meant
 * by another word too are spread evenly.
 */
export interface DirectoryDocument {
  terms: string[]
  /** The name in folded words. */
  folded: string
  hidden: boolean
}
export const DIRECTORY = defineCollection<DirectoryDocument>('profiles.directory', {
  terms: ['terms'],
})

/** One document: how far those who were there before this was kept have been entered; `after` null at an end. */
export const DIRECTORY_FILLED = defineCollection<{ edition: number; after: string | null; done: boolean }>(
  'profiles.directory-filled',
)

/** Key: random. Who of an organisation searched for what, and why; kept for a year. */
export interface SearchDocument {
  by: PersonId
  organisation: OrganisationId
  at: number
  query: string
  purpose: string
  words: string | null
}
export const SEARCHES = defineCollection<SearchDocument>('profiles.searches', { by: ['by', 'at'] })

/** Key: person id of who searched. When, ms, within a day: how many one may make; it expires. */
export const SEARCH_TIMES = defineCollection<{ times: number[] }>('profiles.search-times')

/** Key: `<organisation>/<person>`. That they had to do with each other, last when. */
export const CONTACTS = defineCollection<{ at: number }>('profiles.contacts')
export const contactKey = (organisation: OrganisationId, person: PersonId) => `${organisation}/${person}`

/** Key: the code under a keyed hash; it expires. */
export const PERSON_CODES = defineCollection<{ person: PersonId; until: number }>('profiles.person-codes')
/** Key: person id. Which code of theirs is good now. */
export const PERSON_CODE_OF = defineCollection<{ code: string; until: number }>('profiles.person-code-of')
/** Key: person id of who tried. Wrong codes within an hour. */
export const CODE_TRIES = defineCollection<{ begun: number; wrong: number }>('profiles.person-code-tries')
/** Key: a hash of session, organisation and person, who showed their code there. */
export const SHOWN_CODES = defineCollection<{ until: number }>('profiles.shown-codes')

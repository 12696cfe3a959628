import type { Refusal } from '../../lrs/index.ts'
import type { Person, PersonId } from '../types.ts'
import type { ConsentPurpose, WordsVersion } from './purposes.ts'

export type ConsentAnswer = 'yes' | 'no'

/** What a person says now to one purpose; the person carries it. */
export interface Consent {
  answer: ConsentAnswer
  /** Of the words. */
  version: number
  /** Since when they say so, ms: agreeing to newer words as well begins nothing anew. */
  since: number
}

/** An answer as it was given: to which words, in which language, where. */
export interface GivenAnswer {
  purpose: ConsentPurpose
  answer: ConsentAnswer
  version: number
  /** ms */
  at: number
  language: 'vi' | 'en'
  where: 'registration' | 'page' | 'demo'
}

/** One purpose as it is asked: why it is, with the words that hold now. */
export interface AskedConsent {
  purpose: ConsentPurpose
  words: WordsVersion
  /** `first`: never answered. `changed`: agreed to older words, and the consent holds meanwhile. */
  why: 'first' | 'changed'
}

/** Problem ids: `consent-words-changed`, `consent-unknown`, `consent-person-unknown`. */
export interface Consents {
  /** Every purpose, with the words that hold now. */
  purposes(): { purpose: ConsentPurpose; words: WordsVersion }[]
  /** The words of a version; null for one that never was. */
  words(purpose: ConsentPurpose, version: number): WordsVersion | null
  /** What this person is to be asked. Who said no is left in peace. */
  asked(person: Pick<Person, 'consents'>): AskedConsent[]
  /**
   * Holds from the moment it answers: without consent the record shows nothing, and what is kept of it goes beside; with
   * it the record is made beside. The same answer again changes nothing.
   */
  answer(person: PersonId, input: Omit<GivenAnswer, 'at'>): Promise<Person | Refusal>
  /** Every answer of a person, newest first. */
  given(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ answers: GivenAnswer[]; next: string | null }>
}

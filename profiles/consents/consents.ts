import { type Collections, type Problem, refuse } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import type { Audit } from '../create-profiles.ts'
import { followPerson } from '../merges/documents.ts'
import { findOfFamily } from '../merges/family-of.ts'
import type { createMergeJobs } from '../merges/jobs.ts'
import { agreed, keepAnswer, withAnswer } from './agreed.ts'
import { GIVEN_ANSWERS } from './documents.ts'
import { CONSENT_UNKNOWN, PERSON_UNKNOWN, WORDS_CHANGED } from './problems.ts'
import { CONSENT_WORDS, type ConsentPurpose, newestWords, type PurposeWords } from './purposes.ts'
import type { AskedConsent, Consents, GivenAnswer } from './types.ts'

export interface ConsentsDeps {
  collections: Collections
  jobs: Pick<ReturnType<typeof createMergeJobs>, 'start'>
  audit: Audit
  now: () => number
  purposes?: PurposeWords
}

/**
 * What people agree to. The present answer is part of the person, so that whoever makes a link, merges or reads a record
 * has it at hand and is fenced by the person's revision; the links follow beside (merges/jobs.ts).
 */
export function createConsents({
  collections,
  jobs,
  audit,
  now,
  purposes = CONSENT_WORDS,
}: ConsentsDeps): Consents {
  const names = Object.keys(purposes) as ConsentPurpose[]
  return {
    purposes: () => names.map((purpose) => ({ purpose, words: newestWords(purposes, purpose) })),

    words: (purpose, version) => wordsOf(purposes, purpose, version),

    asked: ({ consents }) =>
      names.flatMap((purpose): AskedConsent[] => {
        const held = consents?.[purpose]
        const words = newestWords(purposes, purpose)
        if (!held) return [{ purpose, words, why: 'first' }]
        const isOlder = held.answer === 'yes' && held.version < words.version
        return isOlder ? [{ purpose, words, why: 'changed' }] : []
      }),

    async answer(id, input) {
      const problem = problemOf(purposes, input)
      if (problem) return refuse(problem)
      for (;;) {
        const doc = await collections.get(PERSONS, id)
        if (!doc) return refuse(PERSON_UNKNOWN)
        const given: GivenAnswer = { ...input, at: now() }
        const person = withAnswer(doc.value, given)
        if (person === doc.value) return person
        const follows = agreed(person) !== agreed(doc.value)
        const outcome = await collections.batch([
          { op: 'replace', collection: PERSONS, key: id, revision: doc.revision, value: person },
          ...keepAnswer(id, given, audit),
          ...(follows ? [followPerson(id, now())] : []),
        ])
        if (!outcome.ok) continue
        if (follows) jobs.start(id)
        return person
      }
    },

    async given(person, { after, limit }) {
      const page = await findOfFamily(collections, GIVEN_ANSWERS, person, { after, limit })
      return { answers: page.docs.map(({ value: { person: _, ...given } }) => given), next: page.next }
    },
  }
}

/** Nobody agrees to words that they did not see; a no is a no, whatever was asked. */
export function problemOf(
  purposes: PurposeWords,
  { purpose, answer, version }: Pick<GivenAnswer, 'purpose' | 'answer' | 'version'>,
): Problem | null {
  if (!Object.hasOwn(purposes, purpose) || (answer !== 'yes' && answer !== 'no')) return CONSENT_UNKNOWN
  if (wordsOf(purposes, purpose, version) === null) return CONSENT_UNKNOWN
  return answer === 'yes' && version !== newestWords(purposes, purpose).version ? WORDS_CHANGED : null
}

function wordsOf(purposes: PurposeWords, purpose: ConsentPurpose, version: number) {
  return purposes[purpose].find((each) => each.version === version) ?? null
}

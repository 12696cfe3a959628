import { refuse } from '../../lrs/index.ts'
import {
  CONSENT_WORDS,
  type ConsentPurpose,
  type Consents,
  type GivenAnswer,
  newestWords,
} from '../../profiles/index.ts'
import type { FakeServices } from './services.ts'

/** Answers in memory, by person. */
export function fakeConsents(
  people: FakeServices['people'],
  list: (GivenAnswer & { person: string })[],
): Consents {
  const purposes = () =>
    (Object.keys(CONSENT_WORDS) as ConsentPurpose[]).map((purpose) => ({
      purpose,
      words: newestWords(CONSENT_WORDS, purpose),
    }))
  return {
    purposes,
    words: (purpose, version) => CONSENT_WORDS[purpose].find((each) => each.version === version) ?? null,
    asked: ({ consents }) =>
      purposes().flatMap((each) => (consents?.[each.purpose] ? [] : [{ ...each, why: 'first' as const }])),
    async answer(id, input) {
      const held = people.get(id)
      if (!held || !Object.hasOwn(CONSENT_WORDS, input.purpose))
        return refuse({ id: 'consent-unknown', status: 400, path: 'consent', message: 'Unknown' })
      if (input.version !== newestWords(CONSENT_WORDS, input.purpose).version)
        return refuse({ id: 'consent-words-changed', status: 409, path: 'consent', message: 'Changed' })
      const at = Date.now()
      list.unshift({ ...input, person: id, at })
      const { answer, version } = input
      held.consents = { ...held.consents, [input.purpose]: { answer, version, since: at } }
      const { identifier: _, password: __, ...person } = held
      return person
    },
    async given(person, { after, limit }) {
      const own = list.filter((each) => each.person === person)
      const start = Number(after ?? 0)
      const answers = own.slice(start, start + limit).map(({ person: _, ...given }) => given)
      return { answers, next: start + limit < own.length ? String(start + limit) : null }
    },
  }
}

import { randomUUID } from 'node:crypto'
import type { Operation } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { Person } from '../types.ts'
import { GIVEN_ANSWERS } from './documents.ts'
import type { ConsentPurpose } from './purposes.ts'
import type { GivenAnswer } from './types.ts'

/** Silence is no consent. */
export function agreed(
  person: Pick<Person, 'consents'> | null | undefined,
  purpose: ConsentPurpose = 'learning-record',
): boolean {
  return person?.consents?.[purpose]?.answer === 'yes'
}

/** The person with this answer; itself where it says nothing new. */
export function withAnswer(person: Person, { purpose, answer, version, at }: GivenAnswer): Person {
  const held = person.consents?.[purpose]
  if (held?.answer === answer && (answer === 'no' || held.version >= version)) return person
  const since = held?.answer === answer ? held.since : at
  return { ...person, consents: { ...person.consents, [purpose]: { answer, version, since } } }
}

/** What is kept of an answer, for the batch that writes the person. */
export function keepAnswer(person: Person['id'], given: GivenAnswer, audit: Audit): Operation[] {
  const { purpose, answer, version, where } = given
  return [
    { op: 'insert', collection: GIVEN_ANSWERS, key: randomUUID(), value: { person, ...given } },
    audit({
      action: 'consent-answer',
      actor: person,
      subjects: [person],
      detail: { purpose, answer, version, where },
    }),
  ]
}

import { randomUUID } from 'node:crypto'
import { type Operation, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import { keepAnswer, withAnswer } from '../consents/agreed.ts'
import { problemOf } from '../consents/consents.ts'
import { CONSENT_WORDS } from '../consents/purposes.ts'
import type { GivenAnswer } from '../consents/types.ts'
import type { Audit } from '../create-profiles.ts'
import type { Person, Role } from '../types.ts'
import { IDENTIFIERS, PASSWORDS, PERSONS } from './documents.ts'
import { normaliseIdentifier } from './identifier.ts'
import { cleanName, LANGUAGE_UNKNOWN, nameProblems } from './name.ts'
import { actsForOthers, hashPassword, passwordProblems } from './password.ts'

export interface RegistrationInput {
  identifier: string
  password: string
  name: string
  language: 'vi' | 'en'
  consents?: readonly Pick<GivenAnswer, 'purpose' | 'answer' | 'version' | 'where'>[]
}

/** A registration that may be stored: the operations fail together when the identifier is taken meanwhile. */
export interface Registration {
  ok: true
  person: Person
  operations: Operation[]
}

/**
 * Checks everything that a form can get wrong, all of it at once, and makes the new person's documents.
 * Problem ids: `identifier-not-valid`, `language-unknown`, and those of consents, `nameProblems` and `passwordProblems`.
 */
export async function prepareRegistration(
  input: RegistrationInput,
  roles: Role[],
  { audit, now }: { audit: Audit; now: number },
): Promise<Registration | Refusal> {
  const identifier = normaliseIdentifier(input.identifier)
  const name = cleanName(input.name)
  const problems = [
    ...(identifier ? [] : [IDENTIFIER_NOT_VALID]),
    ...nameProblems(name),
    ...(input.language === 'vi' || input.language === 'en' ? [] : [LANGUAGE_UNKNOWN]),
    ...(input.consents ?? []).flatMap((each) => problemOf(CONSENT_WORDS, each) ?? []),
    ...passwordProblems(input.password, { identifier, name, forOthers: actsForOthers({ roles }) }),
  ]
  const [first, ...others] = problems
  if (first || !identifier) return refuse(first ?? IDENTIFIER_NOT_VALID, ...others)
  const nobody: Person = { id: randomUUID(), name, roles, language: input.language, created: now }
  const given = (input.consents ?? []).map((each) => ({ ...each, at: now, language: input.language }))
  const person = given.reduce(withAnswer, nobody)
  return {
    ok: true,
    person,
    operations: [
      {
        op: 'insert',
        collection: IDENTIFIERS,
        key: identifier.value,
        value: { person: person.id, kind: identifier.kind, added: now },
      },
      { op: 'insert', collection: PERSONS, key: person.id, value: person },
      {
        op: 'insert',
        collection: PASSWORDS,
        key: person.id,
        value: { hash: await hashPassword(input.password), changed: now },
      },
      ...given.flatMap((each) => keepAnswer(person.id, each, audit)),
    ],
  }
}

export const IDENTIFIER_NOT_VALID: Problem = {
  id: 'identifier-not-valid',
  status: 400,
  path: 'identifier',
  message:
    'Write an e-mail address (ten@example.org) or a phone number (0912 345 678; from abroad with +, country code first).',
}

import { randomUUID } from 'node:crypto'
import { type Operation, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import type { Person, Role } from '../types.ts'
import { IDENTIFIERS, PASSWORDS, PERSONS } from './documents.ts'
import { normaliseIdentifier } from './identifier.ts'
import { hashPassword, passwordProblems } from './password.ts'

export interface RegistrationInput {
  identifier: string
  password: string
  name: string
  language: 'vi' | 'en'
}

const MAX_NAME = 120

/** A registration that may be stored: the operations fail together when the identifier is taken meanwhile. */
export interface Registration {
  ok: true
  person: Person
  operations: Operation[]
}

/**
 * Checks everything that a form can get wrong, all of it at once, and makes the new person's documents.
 * Problem ids: `identifier-not-valid`, `name-missing`, `name-too-long`, `name-not-text`, `language-unknown`, and those of
 * `passwordProblems`.
 */
export async function prepareRegistration(
  input: RegistrationInput,
  roles: Role[],
  now: number,
): Promise<Registration | Refusal> {
  const identifier = normaliseIdentifier(input.identifier)
  const name = input.name.normalize('NFC').trim().replace(/\s+/g, ' ')
  const problems = [
    ...(identifier ? [] : [IDENTIFIER_NOT_VALID]),
    ...nameProblems(name),
    ...(input.language === 'vi' || input.language === 'en' ? [] : [LANGUAGE_UNKNOWN]),
    ...passwordProblems(input.password, { identifier, name }),
  ]
  const [first, ...others] = problems
  if (first || !identifier) return refuse(first ?? IDENTIFIER_NOT_VALID, ...others)
  const person: Person = { id: randomUUID(), name, roles, language: input.language, created: now }
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
    ],
  }
}

function nameProblems(name: string): Problem[] {
  const problem = (id: string, message: string): Problem[] => [{ id, status: 400, path: 'name', message }]
  if (name === '') return problem('name-missing', 'Write your name as it should stand on your record.')
  if ([...name].length > MAX_NAME)
    return problem('name-too-long', `The name is too long. Use at most ${MAX_NAME} characters.`)
  if (!name.isWellFormed() || /\p{Cc}/u.test(name))
    return problem('name-not-text', 'The name holds characters that cannot be shown. Type it again.')
  return []
}

const IDENTIFIER_NOT_VALID: Problem = {
  id: 'identifier-not-valid',
  status: 400,
  path: 'identifier',
  message:
    'Write an e-mail address (ten@example.org) or a phone number (0912 345 678; from abroad with +, country code first).',
}
const LANGUAGE_UNKNOWN: Problem = {
  id: 'language-unknown',
  status: 400,
  path: 'language',
  message: 'Choose Vietnamese (vi) or English (en).',
}

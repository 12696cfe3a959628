/** What can be wrong with a source or a credential, and what to do about it. */
import type { Scope } from '../caller.ts'
import type { Problem } from '../problem.ts'
import { isScope } from './scopes.ts'
import { isKey, isSecret } from './secrets.ts'

export function scopeProblems(scopes: readonly string[]): Problem[] {
  const problems: Problem[] = scopes.filter((scope) => !isScope(scope)).map(unknownScope)
  return scopes.length === 0 ? [NO_SCOPE] : problems
}

export function issueProblems(
  scopes: readonly Scope[],
  expires: number | null,
  key: string,
  secret: string,
): Problem[] {
  const problems = scopeProblems(scopes)
  if (expires !== null && !(expires > Date.now())) problems.push(PAST)
  if (!isKey(key)) problems.push(KEY)
  if (!isSecret(secret)) problems.push(SECRET)
  return problems
}

export const NAME: Problem = {
  id: 'source-name-malformed',
  status: 400,
  path: 'name',
  message: 'Give the source a name of 1 to 200 characters.',
}
export const unknownSource = (id: string): Problem => ({
  id: 'source-unknown',
  status: 404,
  path: 'source',
  message: `There is no source "${id}". Choose one of the list, or create it first.`,
})
export const unknownCredential = (key: string): Problem => ({
  id: 'credential-unknown',
  status: 404,
  path: 'key',
  message: `There is no credential with the key "${key}". Choose one of the list.`,
})
export const takenKey = (key: string): Problem => ({
  id: 'credential-key-taken',
  status: 409,
  path: 'key',
  message: `The key "${key}" is taken. Choose another, or leave it out to get a random one.`,
})
export const revoked = (key: string): Problem => ({
  id: 'credential-revoked',
  status: 409,
  path: 'key',
  message: `The credential "${key}" was revoked. Issue a new one.`,
})
const unknownScope = (scope: string): Problem => ({
  id: 'credential-scope-unknown',
  status: 400,
  path: 'scopes',
  message: `There is no scope "${scope}". Choose among those of the list.`,
})
export const widerScope = (scope: string): Problem => ({
  id: 'credential-scope-wider',
  status: 409,
  path: 'scopes',
  message: `The credential does not hold "${scope}", and narrowing cannot add it. Issue a new credential instead.`,
})
const NO_SCOPE: Problem = {
  id: 'credential-scopes-empty',
  status: 400,
  path: 'scopes',
  message: 'Choose at least one scope; to end the credential, revoke it.',
}
const PAST: Problem = {
  id: 'credential-expires-past',
  status: 400,
  path: 'expires',
  message: 'Choose a time of expiry that lies ahead, or none.',
}
const KEY: Problem = {
  id: 'credential-key-malformed',
  status: 400,
  path: 'key',
  message: 'A key is 4 to 128 printable ASCII characters without space and colon.',
}
const SECRET: Problem = {
  id: 'credential-secret-malformed',
  status: 400,
  path: 'secret',
  message:
    'A secret is 16 to 256 printable ASCII characters without space and colon. Leave it out to get a random one.',
}

import type { Problem } from '../../lrs/index.ts'

export const WORDS_CHANGED: Problem = {
  id: 'consent-words-changed',
  status: 409,
  path: 'consent',
  message: 'The words of the question have changed meanwhile. Read them and answer again.',
}
export const CONSENT_UNKNOWN: Problem = {
  id: 'consent-unknown',
  status: 400,
  path: 'consent',
  message: 'There is no such question. Open the page of consents and answer there.',
}
export const PERSON_UNKNOWN: Problem = {
  id: 'consent-person-unknown',
  status: 404,
  message: 'There is no such person.',
}

import type { Problem } from '../../lrs/index.ts'
import { DISPUTE_LIMITS } from './types.ts'

export const LINE_UNKNOWN: Problem = {
  id: 'dispute-line-unknown',
  status: 404,
  message: 'This line is not on your record any more.',
}
export const OWN_ENTRY: Problem = {
  id: 'dispute-own-entry',
  status: 409,
  message: 'You wrote this yourself: change it, or take it back, in the diary.',
}
export const OPEN: Problem = {
  id: 'dispute-open',
  status: 409,
  message: 'This line is being looked at already. Wait for the answer, or withdraw what you said.',
}
export const TELLER_MISSING: Problem = {
  id: 'dispute-teller-missing',
  status: 400,
  path: 'teller',
  message: 'Choose whose word is wrong.',
}
export const KIND_MISSING: Problem = {
  id: 'dispute-kind-missing',
  status: 400,
  path: 'kind',
  message: 'Choose what is wrong.',
}
export const WORDS_MISSING: Problem = {
  id: 'dispute-words-missing',
  status: 400,
  path: 'words',
  message: 'Write in a few words what is wrong, or why it stays as it is.',
}
export const WORDS_LONG: Problem = {
  id: 'dispute-words-long',
  status: 400,
  path: 'words',
  message: `Say it in at most ${DISPUTE_LIMITS.words} characters.`,
}
export const WORDS_BAD: Problem = {
  id: 'dispute-words-bad',
  status: 400,
  path: 'words',
  message: 'There is a character in it that is no text. Write it again.',
}
export const WORDS_NUMBER: Problem = {
  id: 'dispute-words-number',
  status: 400,
  path: 'words',
  message: 'Leave the citizen number out: nobody who reads this needs it.',
}
export const UNKNOWN: Problem = {
  id: 'dispute-unknown',
  status: 404,
  message: 'There is nothing here to answer.',
}
export const ANSWERED: Problem = {
  id: 'dispute-answered',
  status: 409,
  message: 'Somebody answered it meanwhile, or it was withdrawn. See what was said.',
}
export const SILENT: Problem = {
  id: 'dispute-silent',
  status: 409,
  message: 'Its person agrees to a record no more. It needs no answer.',
}
export const OWN: Problem = {
  id: 'dispute-own',
  status: 403,
  message: 'Nobody answers what they said themselves. Leave it to somebody else.',
}
export const OUTCOME_MISSING: Problem = {
  id: 'dispute-outcome-missing',
  status: 400,
  path: 'outcome',
  message: 'Choose what came of it.',
}
export const NOT_OURS: Problem = {
  id: 'dispute-voids-not-ours',
  status: 409,
  path: 'outcome',
  message: 'This source voids its statements itself.',
}

import type { Problem } from '../../lrs/index.ts'

const problem = (id: string, status: number, path: string, message: string): Problem => ({
  id,
  status,
  path,
  message,
})

export const SUBJECT_GONE = problem(
  'confirm-gone',
  409,
  'statement',
  'This entry was changed or removed meanwhile. Look at what it says now.',
)
export const SUBJECT_OWN = problem(
  'confirm-own',
  403,
  'statement',
  'Nobody confirms what they told of themselves. Ask a colleague.',
)
export const ORIGINAL_UNSEEN = problem(
  'confirm-original',
  400,
  'original',
  'A certificate is confirmed by who saw its original.',
)
export const CONFIRMATION_UNKNOWN = problem(
  'confirmation-unknown',
  404,
  'statement',
  'There is no such confirmation, or it was withdrawn already.',
)
export const REASON_MISSING = problem(
  'confirm-reason-missing',
  400,
  'reason',
  'Write why; the person reads it.',
)
export const REASON_LONG = problem('confirm-reason-long', 400, 'reason', 'Say it in at most 300 characters.')
export const REASON_BAD = problem(
  'confirm-reason-bad',
  400,
  'reason',
  'There is a character in it that is no text.',
)
export const REASON_NUMBER = problem(
  'confirm-reason-number',
  400,
  'reason',
  'Do not write a citizen number here.',
)
export const REQUEST_UNKNOWN = problem(
  'request-unknown',
  404,
  'request',
  'This request was answered or taken back meanwhile.',
)
export const REQUEST_CONFIRMED = problem(
  'request-confirmed',
  409,
  'organisation',
  'This organisation has confirmed it already.',
)
export const REQUEST_NOBODY = problem(
  'request-nobody',
  409,
  'organisation',
  'Nobody in this organisation confirms what people learned. Choose another.',
)
export const REQUEST_MANY = problem(
  'request-many',
  409,
  'organisation',
  'So many of your requests wait for an answer. Take some back, or wait.',
)

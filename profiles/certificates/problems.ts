import type { Problem } from '../../lrs/index.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { dayBegin, dayNumberOf, dayOf, isDay } from '../self-told/day.ts'
import type { CertificateInput } from './certificates.ts'

export const CERTIFICATE_LIMITS = { words: 200, number: 60, perPerson: 200 } as const

const FIELDS = ['name', 'issuer', 'number'] as const

/** What is wrong with it, field by field. Each problem's `path` is its field. */
export function problemsOf(input: CertificateInput, now: number): Problem[] {
  const words = FIELDS.flatMap((field) => {
    const text = input[field].trim()
    const most = field === 'number' ? CERTIFICATE_LIMITS.number : CERTIFICATE_LIMITS.words
    if (text === '' && field !== 'number')
      return [problem(`certificate-${field}-missing`, field, MISSING[field])]
    if ([...text].length > most)
      return [problem('certificate-long', field, `Say it in at most ${most} characters.`)]
    if (!text.isWellFormed() || /\p{Cc}/u.test(text))
      return [
        problem('certificate-bad', field, 'There is a character in it that is no text. Write it again.'),
      ]
    return hasCitizenNumber(text) ? [problem('certificate-citizen-number', field, CITIZEN_NUMBER)] : []
  })
  return [...words, ...dayProblems(input.day, now)]
}

function dayProblems(day: string, now: number): Problem[] {
  if (!isDay(day) || dayBegin(dayNumberOf(day)) <= Date.UTC(1900, 0, 1))
    return [problem('certificate-day-wrong', 'day', 'Write the day as a date, like 24/11/2026.')]
  return day > dayOf(now)
    ? [problem('certificate-day-later', 'day', 'This day is still to come. Write the day on the paper.')]
    : []
}

const problem = (id: string, path: string, message: string): Problem => ({ id, status: 400, path, message })
const MISSING = {
  name: 'Write what the certificate is called.',
  issuer: 'Write who issued the certificate.',
} as const
const CITIZEN_NUMBER =
  'Twelve digits in a row may be a citizen number, which is not kept here. Leave it out, or write it with what tells it apart.'

export const MANY: Problem = {
  id: 'certificate-many',
  status: 409,
  path: 'name',
  message: `There are ${CERTIFICATE_LIMITS.perPerson} certificates already. Remove one first.`,
}

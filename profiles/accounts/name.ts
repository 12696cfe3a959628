import type { Problem } from '../../lrs/index.ts'
import { hasCitizenNumber } from '../citizen-number.ts'

const MAX_NAME = 120
/** Control characters, and those that turn the direction of what stands around them. */
const UNFIT = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/** In NFC, without space around, one space between. */
export function cleanName(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ')
}

/** Whether it can be shown as it is written. */
export const isShowable = (text: string) => text.isWellFormed() && !UNFIT.test(text)

/** Problem ids: `name-missing`, `name-too-long`, `name-not-text`, `name-citizen-number`. */
export function nameProblems(name: string): Problem[] {
  const problem = (id: string, message: string): Problem[] => [{ id, status: 400, path: 'name', message }]
  if (name === '') return problem('name-missing', 'Write your name as it should stand on your record.')
  if ([...name].length > MAX_NAME)
    return problem('name-too-long', `The name is too long. Use at most ${MAX_NAME} characters.`)
  if (!isShowable(name))
    return problem('name-not-text', 'The name holds characters that cannot be shown. Type it again.')
  if (hasCitizenNumber(name))
    return problem('name-citizen-number', 'A citizen number is no part of a name. Write the name alone.')
  return []
}

export const LANGUAGE_UNKNOWN: Problem = {
  id: 'language-unknown',
  status: 400,
  path: 'language',
  message: 'Choose Vietnamese (vi) or English (en).',
}

import type { Problem } from '../../lrs/index.ts'
import { cleanName, isShowable } from '../accounts/name.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { ORGANISATION_KINDS, type OrganisationDetails, type OrganisationKind } from './types.ts'

const MAX_NAME = 200

export interface CleanDetails {
  name: string
  nameEn: string | null
  kind: OrganisationKind
}

/**
 * The details as they are kept, or everything that is wrong with them. Problem ids: `organisation-name-missing`,
 * `organisation-name-too-long`, `organisation-name-not-text`, `organisation-name-number` (path `name` or `nameEn`), `organisation-kind-unknown`.
 */
export function cleanDetails(details: OrganisationDetails): CleanDetails | [Problem, ...Problem[]] {
  const [name, nameEn] = [cleanName(details.name), cleanName(details.nameEn)]
  const kind = ORGANISATION_KINDS.find((one) => one === details.kind)
  const problems = [
    ...(name === '' ? [NAME_MISSING] : nameProblems(name, 'name')),
    ...nameProblems(nameEn, 'nameEn'),
    ...(kind ? [] : [KIND_UNKNOWN]),
  ]
  const [first, ...others] = problems
  if (first || !kind) return [first ?? KIND_UNKNOWN, ...others]
  return { name, nameEn: nameEn === '' ? null : nameEn, kind }
}

function nameProblems(name: string, path: 'name' | 'nameEn'): Problem[] {
  if ([...name].length > MAX_NAME) return [{ ...NAME_TOO_LONG, path }]
  if (!isShowable(name)) return [{ ...NAME_NOT_TEXT, path }]
  return hasCitizenNumber(name) ? [{ ...NAME_NUMBER, path }] : []
}

const NAME_MISSING: Problem = {
  id: 'organisation-name-missing',
  status: 400,
  path: 'name',
  message: 'Write the name of the organisation.',
}
const NAME_TOO_LONG: Problem = {
  id: 'organisation-name-too-long',
  status: 400,
  message: `The name is too long. Use at most ${MAX_NAME} characters.`,
}
const NAME_NOT_TEXT: Problem = {
  id: 'organisation-name-not-text',
  status: 400,
  message: 'The name holds characters that cannot be shown. Type it again.',
}
const NAME_NUMBER: Problem = {
  id: 'organisation-name-number',
  status: 400,
  message: 'A citizen number is no part of a name. Leave it out.',
}
const KIND_UNKNOWN: Problem = {
  id: 'organisation-kind-unknown',
  status: 400,
  path: 'kind',
  message: `Choose one of: ${ORGANISATION_KINDS.join(', ')}.`,
}

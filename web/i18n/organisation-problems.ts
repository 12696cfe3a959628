import type { Problem } from '../../lrs/index.ts'
import { MAX_LOGO_BYTES, MOST_INVITED, MOST_INVITED_DAYS } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import type { View } from '../view.ts'
import { organisations } from './messages/organisations.ts'

const WORDS = {
  'organisation-name-missing': 'nameMissing',
  'organisation-name-too-long': 'nameLong',
  'organisation-name-not-text': 'nameBad',
  'organisation-name-number': 'nameNumber',
  'reason-number': 'reasonNumber',
  'organisation-kind-unknown': 'kindMissing',
  'organisation-parent-unknown': 'parentUnknown',
  'organisation-parent-circle': 'parentCircle',
  'organisation-closed': 'closedJoin',
  'logo-too-large': 'logoLarge',
  'logo-not-image': 'logoBad',
  'logo-too-wide': 'logoWide',
  'role-reason-missing': 'reasonMissing',
  'role-not-yours': 'notYours',
  'member-unknown': 'notMember',
  'invitation-roles-missing': 'rolesMissing',
  'invitation-uses-not-valid': 'usesBad',
  'invitation-days-not-valid': 'daysBad',
  'invitation-over': 'over',
  'memberships-many': 'tooMany',
} as const

/** A refusal about organisations in the reader's words; its own English where there are none. */
export function explainOrganisationProblem(view: View, { id, message }: Problem): string {
  const key = WORDS[id as keyof typeof WORDS]
  if (!key) return message
  const most = id === 'invitation-days-not-valid' ? MOST_INVITED_DAYS : MOST_INVITED
  return view.say(organisations)(key, { most, limit: view.format.bytes(MAX_LOGO_BYTES) })
}

/** Each beside the field that it speaks of, else beside `otherwise`. */
export function organisationErrors(
  view: View,
  problems: readonly Problem[],
  otherwise: string,
): FieldError[] {
  return problems.map((problem) => ({
    field: problem.path ?? otherwise,
    message: explainOrganisationProblem(view, problem),
  }))
}

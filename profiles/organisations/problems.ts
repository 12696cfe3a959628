import type { Problem } from '../../lrs/index.ts'

export const ORGANISATION_UNKNOWN: Problem = {
  id: 'organisation-unknown',
  status: 404,
  message: 'There is no such organisation.',
}
export const ORGANISATION_CLOSED: Problem = {
  id: 'organisation-closed',
  status: 409,
  message: 'This organisation is closed. The operator can open it again.',
}
export const ROLE_NOT_YOURS: Problem = {
  id: 'role-not-yours',
  status: 403,
  path: 'roles',
  message:
    'One of these roles is not yours to give or take. Ask who manages the organisation, or the operator.',
}
export const REASON_MISSING: Problem = {
  id: 'role-reason-missing',
  status: 400,
  path: 'reason',
  message: 'Write why the role is taken away; it is kept.',
}

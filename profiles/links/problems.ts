import type { Problem } from '../../lrs/index.ts'

export const AGENT_NOT_VALID: Problem = {
  id: 'link-agent-not-valid',
  status: 400,
  path: 'agent',
  message:
    'This is not an identifier as systems send it. Give an e-mail address, its SHA-1, an OpenID, or an account with home page and name.',
}
export const ROLE_ADDRESS: Problem = {
  id: 'link-role-address',
  status: 400,
  path: 'agent',
  message:
    'This address is that of an office, not of a person: what was learned under it is nobody’s own. Link an address or account of the person.',
}
export const REASON_MISSING: Problem = {
  id: 'link-reason-missing',
  status: 400,
  path: 'reason',
  message: 'Write how it is known whom the identifier belongs to; the person sees it.',
}
export const DOCUMENT_MISSING: Problem = {
  id: 'link-document-missing',
  status: 400,
  path: 'document',
  message: 'Give number and date (2026-11-24) of the paper by which this was decided; the person sees them.',
}
export const PERSON_UNKNOWN: Problem = {
  id: 'link-person-unknown',
  status: 404,
  path: 'person',
  message: 'There is no such person. They register first, then the identifier can be linked.',
}
export const PERSON_MERGED: Problem = {
  id: 'link-person-merged',
  status: 409,
  path: 'person',
  message: 'This person is merged into another one. Link the identifier to that one.',
}
export const LINK_TAKEN: Problem = {
  id: 'link-taken',
  status: 409,
  path: 'agent',
  message: 'This identifier belongs to another person. End that link first, if it is wrong.',
}
export const LINK_UNKNOWN: Problem = {
  id: 'link-unknown',
  status: 404,
  path: 'agent',
  message: 'This identifier belongs to nobody, so there is no link to end.',
}

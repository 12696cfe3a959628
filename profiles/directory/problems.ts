import type { Problem } from '../../lrs/index.ts'

export const SEARCH_SHORT: Problem = {
  id: 'search-short',
  status: 400,
  path: 'q',
  message: 'Write at least two letters of the name.',
}
export const SEARCH_NUMBER: Problem = {
  id: 'search-number',
  status: 400,
  path: 'q',
  message: 'People are not found by their citizen number. Write the name, or ask for their code.',
}
export const SEARCH_MANY: Problem = {
  id: 'search-many',
  status: 429,
  path: 'q',
  message:
    'So many searches are more than the work asks for. Go on in an hour, or ask people for their code.',
}
export const PERSON_CODE_WRONG: Problem = {
  id: 'person-code-wrong',
  status: 404,
  path: 'code',
  message: 'This code is not right, or its ten minutes are over. Ask for the one that is shown now.',
}
export const PERSON_CODE_MANY: Problem = {
  id: 'person-code-many',
  status: 429,
  path: 'code',
  message: 'Too many codes were wrong. Go on in an hour.',
}

import { oneself, signedIn, type Table } from '../declared.ts'

/** By what somebody signs in: each their own, and none of it by a merge. */
export const waysInTable = (): Table => ({
  'GET /me/confirm': signedIn,
  'POST /me/confirm': signedIn,

  'GET /me/identifiers': signedIn,
  'GET /me/identifiers/start': signedIn,
  'GET /me/identifiers/add': oneself,
  'POST /me/identifiers/add': oneself,
  'POST /me/identifiers/prove': oneself,
  'GET /me/identifiers/code': signedIn,
  'POST /me/identifiers/code': oneself,
  'POST /me/identifiers/remove': oneself,

  'GET /me/recovery-codes': oneself,
  'POST /me/recovery-codes': oneself,

  'GET /me/second-factor': signedIn,
  'GET /me/second-factor/new': oneself,
  'GET /me/second-factor/move': oneself,
  'GET /me/second-factor/remove': oneself,
  'POST /me/second-factor/new': { for: oneself, answers: [403] },
  'POST /me/second-factor/remove': { for: oneself, answers: [403] },
  'POST /me/second-factor/begin': oneself,
  'POST /me/second-factor/keep': signedIn,

  'GET /me/passkeys': signedIn,
  'GET /me/passkeys/new': oneself,
  'POST /me/passkeys/options': oneself,
  'POST /me/passkeys/new': oneself,
  'POST /me/passkeys/remove': oneself,

  'GET /me/sign-in-with': signedIn,
  'POST /me/sign-in-with/remove': oneself,

  'GET /me/password': signedIn,
  'POST /me/password': oneself,

  'GET /me/sessions': signedIn,
  'POST /me/sessions/stay': signedIn,
  'POST /me/sessions/end': signedIn,
  'POST /me/sessions/end-others': signedIn,
})

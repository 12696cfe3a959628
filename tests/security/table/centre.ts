import type { Cast } from '../cast.ts'
import { right, rightsHere, type Table } from '../declared.ts'

/** Staff and officers of `here` at work: each page stands behind a right of theirs there. */
export function centreTable(cast: Cast): Table {
  const here = rightsHere(cast)
  const find = here('find-people')
  const confirm = here('confirm-learning')
  const code = here('issue-recovery-codes')
  // What staff see of the owner is noted, and shown to the owner.
  const confirmed = { for: confirm, at: { statement: 'confirmed' }, shows: confirm }
  return {
    'USE /centre': right('find-people'),
    'GET /centre': right('find-people'),
    'GET /centre/:organisation': find,
    'GET /centre/:organisation/people': find,
    'POST /centre/:organisation/people': find,
    'POST /centre/:organisation/code': { for: find, answers: [404] },
    'GET /centre/:organisation/people/:person': find,
    'POST /centre/:organisation/people/:person/purpose': find,
    'POST /centre/:organisation/people/:person/confirm': confirm,
    'GET /centre/:organisation/people/:person/recovery-code': code,
    'POST /centre/:organisation/people/:person/recovery-code': code,
    // The owner asks for a certificate to be confirmed, and shows the paper with it.
    'GET /centre/:organisation/requests': { for: confirm, shows: confirm },
    'GET /centre/:organisation/requests/:statement/evidence/:file': {
      for: confirm,
      at: { statement: 'requested', file: 'evidence' },
    },
    'POST /centre/:organisation/requests': confirm,
    'GET /centre/:organisation/confirmations/:statement/withdraw': confirmed,
    'POST /centre/:organisation/confirmations/:statement/withdraw': confirmed,
    'GET /centre/:organisation/classes': confirm,
    'GET /centre/:organisation/classes/new': confirm,
    'POST /centre/:organisation/classes/new': confirm,
    'GET /centre/:organisation/classes/:class': confirm,
    'GET /centre/:organisation/classes/:class/change': confirm,
    'POST /centre/:organisation/classes/:class/change': confirm,
    'POST /centre/:organisation/classes/:class/codes': confirm,
    'POST /centre/:organisation/classes/:class/find': confirm,
    'POST /centre/:organisation/classes/:class/people': confirm,
    'POST /centre/:organisation/classes/:class/unlist': confirm,
    'POST /centre/:organisation/classes/:class/enter': confirm,
    // Nobody has come yet, so there is nothing to take back.
    'GET /centre/:organisation/classes/:class/take-back': { for: confirm, answers: [404] },
    'POST /centre/:organisation/classes/:class/take-back': { for: confirm, answers: [404] },
  }
}

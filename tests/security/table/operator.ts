import { operates, type Table } from '../declared.ts'

/** What shows a citizen's words to who operates the product. */
const shown = { for: operates, shows: operates }
const ofMerged = { for: operates, at: { person: 'mergedPerson' } }
const ofAuthor = { for: operates, at: { person: 'authorPerson' } }

/** Who operates the product sees all of it; each look at what others sent is in the audit. */
export const operatorTable = (): Table => ({
  'GET /operator': operates,
  'GET /operator/statements': shown,
  'GET /operator/statements/:id': { ...shown, at: { id: 'statement' } },
  'GET /operator/statements/:id/raw': { ...shown, at: { id: 'statement' } },
  'GET /operator/consumers': operates,
  'GET /operator/consumers/live': operates,
  'GET /operator/audit': operates,
  'GET /operator/audit.csv': operates,
  'GET /operator/contested': operates,
  'POST /operator/contested/:link': operates,

  'GET /operator/libraries': operates,
  'GET /operator/libraries/install': operates,
  'POST /operator/libraries/install': { for: operates, answers: [400] },
  'GET /operator/libraries/waiting/:request': { for: operates, at: { request: 'libraryRequest' } },
  'GET /operator/libraries/waiting/:request/refuse': { for: operates, at: { request: 'libraryRequest' } },
  'POST /operator/libraries/waiting/:request/refuse': {
    for: operates,
    at: { request: 'libraryRequest' },
    answers: [400],
  },
  'GET /operator/libraries/waiting/:request/:build': {
    for: operates,
    at: { request: 'libraryRequest', build: 'proposedBuild' },
  },
  'POST /operator/libraries/waiting/:request': { for: operates, at: { request: 'libraryRequest' } },
  // Who operates the product may change every lesson, drafts too.
  'GET /operator/libraries/:library': shown,

  'GET /operator/people': operates,
  'POST /operator/people': { for: operates, answers: [404] },
  'GET /operator/people/:person': operates,
  'POST /operator/people/:person/purpose': { for: operates, answers: [400] },
  'GET /operator/people/:person/grant/:role': operates,
  'POST /operator/people/:person/grant/:role': operates,
  'GET /operator/people/:person/take/:role': ofAuthor,
  'POST /operator/people/:person/take/:role': ofAuthor,
  'GET /operator/people/:person/recovery-code': operates,
  'POST /operator/people/:person/recovery-code': operates,
  'GET /operator/people/:person/lessons': operates,
  'POST /operator/people/:person/lessons': operates,
  'GET /operator/people/:person/link': operates,
  'POST /operator/people/:person/link/begin': operates,
  'POST /operator/people/:person/link': operates,
  'GET /operator/people/:person/links/:link/unlink': operates,
  'POST /operator/people/:person/links/:link/unlink': operates,
  'GET /operator/people/:person/merge': operates,
  'POST /operator/people/:person/merge': operates,
  'GET /operator/people/:person/merge/undo': ofMerged,
  'POST /operator/people/:person/merge/undo': {
    ...ofMerged,
    send: () => ({ reason: 'nhầm người' }),
  },

  'GET /operator/organisations': operates,
  'GET /operator/organisations/new': operates,
  'POST /operator/organisations/new': operates,
  'GET /operator/organisations/:organisation': operates,
  'POST /operator/organisations/:organisation': operates,
  'POST /operator/organisations/:organisation/logo': operates,
  'POST /operator/organisations/:organisation/logo/remove': operates,
  'GET /operator/organisations/:organisation/close': operates,
  'POST /operator/organisations/:organisation/close': operates,
  'POST /operator/organisations/:organisation/open': operates,

  'GET /operator/mapping': operates,
  // Which row is told in the address.
  'GET /operator/mapping/rule': { for: operates, answers: [404] },
  'POST /operator/mapping/rule': { for: operates, answers: [404] },
  'GET /operator/mapping/topic': operates,
  'POST /operator/mapping/topic': operates,
  'GET /operator/mapping/remove': { for: operates, answers: [404] },
  'POST /operator/mapping/remove': operates,
  'POST /operator/mapping/restore': operates,
})

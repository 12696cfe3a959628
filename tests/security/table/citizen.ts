import { type Declared, own, signedIn, type Table } from '../declared.ts'

/** A picture, or a page about one, holds no words of its owner. */
const picture: Declared = { for: own, at: { id: 'evidence' }, wordless: true }

/** A citizen's own: the record, the diary, shares, accounts elsewhere. Lists show to each what is theirs. */
export const citizenTable = (): Table => ({
  'GET /me': signedIn,
  'GET /me/change': signedIn,
  'POST /me/change': signedIn,

  'GET /me/consents': signedIn,
  'POST /me/consents': signedIn,
  'GET /me/consents/:purpose/withdraw': signedIn,

  'GET /me/transcript': signedIn,
  'GET /me/transcript/:line': own,
  'GET /me/transcript/:line/events': own,
  'GET /me/transcript/:line/parts': own,

  'GET /me/transcript/:line/dispute': own,
  'POST /me/transcript/:line/dispute': own,
  'POST /me/transcript/:line/hidden': own,
  // What a centre told of it again, taken apart and put together.
  'GET /me/transcript/:line/split': { for: own, at: { line: 'twin' } },
  'POST /me/transcript/:line/split': { for: own, at: { line: 'twin' } },
  'POST /me/transcript/:line/join': { for: own, at: { line: 'twin' }, quiet: true },

  'GET /me/record/print': signedIn,
  'GET /me/record/print.css': signedIn,
  'GET /me/disputes': signedIn,
  'GET /me/disputes/:dispute': own,
  'POST /me/disputes/:dispute/seen': own,
  'POST /me/disputes/:dispute/withdraw': own,

  'GET /me/access': signedIn,
  'GET /me/code': signedIn,
  'POST /me/code': signedIn,
  'POST /me/code/findable': signedIn,
  // What a diary entry of the owner became.
  'GET /me/transcript/:line/ask': { for: own, at: { line: 'entryLine' } },
  'POST /me/transcript/:line/ask': {
    for: own,
    at: { line: 'entryLine' },
    send: ({ organisation }) => ({ organisation: organisation! }),
  },
  'GET /me/confirmations': signedIn,
  'POST /me/confirmations/take-back': signedIn,

  'GET /me/certificates': signedIn,
  'GET /me/certificates/new': signedIn,
  'POST /me/certificates/new': signedIn,
  'GET /me/certificates/:certificate': own,
  'GET /me/certificates/:certificate/remove': own,
  'POST /me/certificates/:certificate': own,
  'POST /me/certificates/:certificate/evidence': own,
  'GET /me/evidence/:id': picture,
  'GET /me/evidence/:id/preview': picture,
  'GET /me/evidence/:id/remove': picture,
  'POST /me/evidence/:id/remove': picture,
  'POST /me/certificates/:certificate/remove': own,

  // Sent by the page itself, for whoever wrote it.
  'POST /me/diary/unsent': { for: signedIn, answers: [403] },
  'POST /me/diary/:entry/evidence': own,
  'GET /me/diary': signedIn,
  'GET /me/diary/new': signedIn,
  'POST /me/diary/new': signedIn,
  'GET /me/diary/:entry': own,
  'GET /me/diary/:entry/remove': own,

  'GET /me/archive': signedIn,
  'GET /me/archive/live': signedIn,
  'GET /me/archive/file': signedIn,
  'POST /me/archive': signedIn,
  'POST /me/archive/remove': signedIn,

  'GET /me/shares': signedIn,
  'GET /me/shares/new': signedIn,
  'POST /me/shares/new': {
    for: own,
    // Somebody else's line is none that can be chosen.
    send: ({ line }) => ({ step: 'create', line: line!, reader: 'x', purpose: 'y', days: '7' }),
    quiet: true,
  },
  'GET /me/shares/:share': own,
  'POST /me/shares/:share/revoke': own,

  'GET /me/links': signedIn,
  'POST /me/links/claims/:claim': { for: signedIn, at: { claim: 'none' } },
  'POST /me/links/suggested/:link': { for: signedIn, at: { link: 'none' }, answers: [404] },
  'POST /me/links/:link/decide': { for: own, send: ({ source }) => ({ source: source!, mine: 'yes' }) },
  'GET /me/links/:link/contest': { for: own, wordless: true },
  'GET /me/link-code': signedIn,
  'POST /me/link-code': signedIn,
})

import { authors, everybody, noRole, signedIn, type Table } from '../declared.ts'

/** What can be seen and done before one is signed in, and what only a token opens. */
export const publicTable = (): Table => ({
  'GET /': everybody,
  'GET /assets/:file': { for: everybody, at: { file: 'none' }, answers: [404] },
  'GET /-/parts': everybody,
  'GET /-/outbox': everybody,

  // To write into the diary without a line: about nobody.
  'GET /offline.js': everybody,
  'GET /offline/diary': everybody,
  'GET /lessons': everybody,
  'GET /lessons/:id': [
    { for: everybody, at: { id: 'lesson' } },
    { for: authors, at: { id: 'draft' }, shows: authors },
  ],
  'GET /lessons/:id/cover/:sha2': { for: everybody, at: { id: 'lesson', sha2: 'none' }, answers: [404] },
  'GET /lessons/:id/play': [
    { for: signedIn, at: { id: 'lesson' } },
    { for: authors, at: { id: 'draft' }, shows: authors },
  ],
  'POST /lessons/:id/restart': [
    { for: authors, at: { id: 'draft' } },
    { for: signedIn, at: { id: 'lesson' } },
  ],
  // Only where the author lets everybody learn; nothing is recorded of anybody.
  'POST /lessons/:id/anonymous': { for: everybody, at: { id: 'lesson' } },
  'POST /attempts/:id/renew-anonymous': { for: noRole, at: { id: 'attempt' } },
  // What somebody did before signing in; the key of the session opens it.
  'POST /attempts/:id/claim': { for: signedIn, at: { id: 'attempt' } },
  'GET /attempts/:id/end': {
    for: ({ name }) => name === 'owner' || name === 'merged',
    at: { id: 'attempt' },
  },
  'GET /attempts/:id/line': {
    for: ({ name }) => name === 'owner' || name === 'merged',
    at: { id: 'attempt' },
  },
  'GET /embed/resize.js': everybody,
  'GET /embed/:id': { for: everybody, at: { id: 'lesson' }, answers: [404] },
  'POST /embed/:id': { for: everybody, at: { id: 'lesson' }, answers: [404] },
  'POST /embed/attempts/:id/renew': { for: noRole, at: { id: 'attempt' } },
  'POST /attempts/:id/renew': {
    for: ({ name }) => name === 'owner' || name === 'merged',
    at: { id: 'attempt' },
  },

  'USE /s/:token': everybody,
  'GET /s/:token': everybody,
  // What was shared, to whoever has the link; each opening is counted.
  'POST /s/:token': { for: everybody, shows: everybody },

  'GET /sign-in': everybody,
  'POST /sign-in': everybody,
  'GET /sign-in/code': everybody,
  'POST /sign-in/code': everybody,
  'GET /sign-in/lost': everybody,
  'POST /sign-in/lost': everybody,
  'POST /sign-in/passkey/options': everybody,
  'POST /sign-in/passkey': everybody,
  // No other body is set up.
  'GET /sign-in/with/:provider': { for: noRole, at: { provider: 'none' } },
  'GET /sign-in/with/:provider/back': { for: noRole, at: { provider: 'none' } },
  'GET /sign-in/with/:provider/new': { for: noRole, at: { provider: 'none' } },
  'POST /sign-in/with/:provider/new': { for: noRole, at: { provider: 'none' } },
  'GET /register': everybody,
  'POST /register': everybody,
  'GET /setup/:token': { for: everybody, at: { token: 'none' }, answers: [403, 410] },
  'POST /setup/:token': { for: everybody, at: { token: 'none' } },
  'GET /recover': everybody,
  'POST /recover': everybody,
  'POST /recover/again': everybody,
  'GET /recover/code': everybody,
  'POST /recover/code': everybody,
  'GET /recover/printed': everybody,
  'POST /recover/printed': everybody,

  'GET /join': everybody,
  'POST /join': everybody,
  'POST /join/accept': { for: signedIn, answers: [404] },
  'POST /join/decline': signedIn,
})

/** Lessons in their frame: what is published is everybody's, all else opens to a token of its attempt. */
export const frameTable = (): Table => ({
  'GET /h5p/core/*path': { for: everybody, at: { path: 'none' }, answers: [404] },
  'GET /h5p/client/*path': { for: everybody, at: { path: 'none' }, answers: [404] },
  'USE /h5p/core/:digest/fonts': everybody,
  'USE /h5p/core/:digest/images': everybody,
  'GET /h5p/joined/:name': { for: everybody, at: { name: 'none' }, answers: [404] },
  'GET /h5p/libraries/:build/*path': {
    for: everybody,
    at: { build: 'none', path: 'none' },
    answers: [404],
  },
  'GET /h5p/content/:content/*path': [
    { for: everybody, at: { content: 'content', path: 'image' } },
    { for: noRole, at: { content: 'draftContent', path: 'image' } },
  ],
  'GET /h5p/frame/:attempt': noRole,
  'GET /h5p/attempts/:id/:token/content/:content/*path': {
    for: noRole,
    at: { id: 'attempt', token: 'none', content: 'content', path: 'image' },
  },
  'POST /h5p/attempts/:id/events': { for: noRole, at: { id: 'attempt' } },
  'POST /h5p/attempts/:id/done': { for: noRole, at: { id: 'attempt' } },
  'POST /h5p/attempts/:id/answers': { for: noRole, at: { id: 'attempt' } },

  // Has no routes of its own: xapi-matrix.test.ts tries its resources.
  'USE /xapi': everybody,
  'USE /xAPI': everybody,
  'USE /data/xAPI': everybody,
})

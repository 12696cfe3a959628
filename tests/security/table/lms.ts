import { operates, type Table } from '../declared.ts'

const source = { for: operates, at: { id: 'source' } }
/** What the owner said is wrong of what this source told. */
const shown = { ...source, shows: operates }

/** Sources and their credentials, for who operates the product. */
export const lmsTable = (): Table => ({
  'GET /lms': operates,
  'GET /lms/credentials': operates,
  'GET /lms/new': operates,
  'POST /lms/new': operates,
  'GET /lms/sources/:id': source,
  'GET /lms/sources/:id/live': source,
  'GET /lms/sources/:id/edit': source,
  'POST /lms/sources/:id/edit': source,
  'GET /lms/sources/:id/claim-activity': source,
  'POST /lms/sources/:id/claim-activity': source,
  'GET /lms/sources/:id/disputes': shown,
  'GET /lms/sources/:id/disputes/:dispute': shown,
  'POST /lms/sources/:id/disputes/:dispute': source,
  'GET /lms/sources/:id/credentials/new': source,
  'POST /lms/sources/:id/credentials/new': source,
  'GET /lms/credentials/:key': operates,
  'GET /lms/credentials/:key/narrow': operates,
  'POST /lms/credentials/:key/narrow': operates,
  'GET /lms/credentials/:key/rotate': operates,
  'POST /lms/credentials/:key/rotate': operates,
  'GET /lms/credentials/:key/revoke': operates,
  'POST /lms/credentials/:key/revoke': operates,
})

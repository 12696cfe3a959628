import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Problem } from '../../problem.ts'
import type { StatementFormat } from '../../statement/format.ts'
import type { Version } from '../../statement/types.ts'
import { type Collections, defineCollection } from '../../storage/collections.ts'
import type { Position, StatementQuery } from '../../storage/port.ts'

/** Where a list of statements goes on. */
export interface Cursor {
  query: Pick<StatementQuery, 'keys' | 'since' | 'until' | 'ascending' | 'limit'>
  after: Position
  credential: string
  version: Version
  format: StatementFormat
  attachments: boolean
}

export interface CursorSigner {
  sign(cursor: Cursor): string
  /** Refuses what this store did not sign, what is older than a day, and what belongs to another credential or version. */
  read(text: string, credential: string, version: Version): { cursor: Cursor } | { problem: Problem }
}

const DAY = 86_400_000

/** Keys that this product signs with for itself, by purpose; hex. */
const SIGNING_KEYS = defineCollection<{ key: string }>('signing-keys')

/** The key is made once for the store and kept in it, so that cursors outlive a restart and hold in every process. */
export async function loadCursorKey(system: Collections): Promise<Buffer> {
  await system.insert(SIGNING_KEYS, 'more', { key: randomBytes(32).toString('hex') })
  const doc = await system.get(SIGNING_KEYS, 'more')
  if (!doc) throw new Error('The signing key of cursors was written but is not there.')
  return Buffer.from(doc.value.key, 'hex')
}

/** Cursors of one tenant: `<payload>.<signature>`, base64url. */
export function createCursorSigner(key: Buffer, tenant: string, now: () => number = Date.now): CursorSigner {
  const signature = (payload: string) => createHmac('sha256', key).update(`${tenant} ${payload}`).digest()
  return {
    sign(cursor) {
      const payload = Buffer.from(JSON.stringify({ ...cursor, expires: now() + DAY })).toString('base64url')
      return `${payload}.${signature(payload).toString('base64url')}`
    },
    read(text, credential, version) {
      const [payload = '', signed = ''] = text.split('.')
      const given = Buffer.from(signed, 'base64url')
      const own = signature(payload)
      if (given.length !== own.length || !timingSafeEqual(given, own)) return { problem: FOREIGN }
      const { expires, ...cursor } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Cursor & {
        expires: number
      }
      if (expires < now()) return { problem: OLD }
      if (cursor.credential !== credential) return { problem: FOREIGN }
      if (cursor.version !== version) return { problem: OTHER_VERSION }
      return { cursor }
    },
  }
}

const FOREIGN: Problem = {
  id: 'more-foreign',
  status: 400,
  path: 'parameter more',
  message: 'This "more" was not given by this server to this credential. Ask for the first page again.',
}
const OLD: Problem = {
  id: 'more-expired',
  status: 400,
  path: 'parameter more',
  message:
    'This "more" is older than a day. Ask for the first page again, with since or until to go on from there.',
}
const OTHER_VERSION: Problem = {
  id: 'more-version',
  status: 400,
  path: 'parameter more',
  message: 'Follow "more" with the X-Experience-API-Version of the first page.',
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Collections, Operation, Problem } from '../../lrs/index.ts'
import { SET_UP, SET_UP_KEY } from './documents.ts'

/**
 * The one-time token that makes its user the first operator. Its document is the fence: whoever makes an operator, by
 * token or by role, writes it in the same batch, so that of two who race one loses.
 */
export function createSetUp(collections: Collections, now: () => number) {
  /** A new token, which ends the one before; null once there is an operator. */
  async function issue(): Promise<string | null> {
    for (;;) {
      const open = await collections.get(SET_UP, SET_UP_KEY)
      if (open && open.value.tokenHash === null) return null
      const token = randomBytes(16).toString('base64url')
      const value = { tokenHash: hashOf(token), changed: now() }
      const done = open
        ? await collections.replace(SET_UP, SET_UP_KEY, value, open.revision)
        : await collections.insert(SET_UP, SET_UP_KEY, value)
      if (done) return token
    }
  }

  /** The operation that uses the token up, or why it cannot be used: `set-up-done`, `set-up-token-wrong`. */
  async function use(token: string): Promise<Operation | Problem> {
    const open = await collections.get(SET_UP, SET_UP_KEY)
    if (open && open.value.tokenHash === null) return SET_UP_DONE
    if (!open?.value.tokenHash || !isSame(open.value.tokenHash, hashOf(token))) return SET_UP_TOKEN_WRONG
    return {
      op: 'replace',
      collection: SET_UP,
      key: SET_UP_KEY,
      revision: open.revision,
      value: { tokenHash: null, changed: now() },
    }
  }

  /** The operation that says: there is an operator now, no token is good any more. */
  function close(): Operation {
    return {
      op: 'put',
      collection: SET_UP,
      key: SET_UP_KEY,
      value: { tokenHash: null, changed: now() },
    }
  }

  /** The operation that is in the way of whoever makes an operator, or takes the role, from now on until it is done. */
  async function fence(): Promise<Operation> {
    const open = await collections.get(SET_UP, SET_UP_KEY)
    if (!open)
      return { op: 'insert', collection: SET_UP, key: SET_UP_KEY, value: { tokenHash: null, changed: now() } }
    const value = { ...open.value, changed: now() }
    return { op: 'replace', collection: SET_UP, key: SET_UP_KEY, revision: open.revision, value }
  }

  return { issue, use, close, fence }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const SET_UP_DONE: Problem = {
  id: 'set-up-done',
  status: 410,
  message:
    'This link has been used: there is an operator already. Sign in, or ask the operator for the role.',
}
const SET_UP_TOKEN_WRONG: Problem = {
  id: 'set-up-token-wrong',
  status: 403,
  message:
    'This set-up link is not the newest one. Use the last one that was printed, or print another: suotdoi setup-link.',
}

import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { type Collections, type Operation, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import { CODES, type CodesDocument } from './documents.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A code of one asker lives for this long, and dies of so many wrong tries. */
const OWN_MS = 10 * MINUTE
const OWN_TRIES = 5
const OWN_DIGITS = 6
/** One message a minute, five an hour; from the tenth of a day on, one an hour. */
const GAP_MS = MINUTE
const PER_HOUR = 5
const PER_DAY = 10
/** Longer than the longest time in which nothing more is sent. */
const COMMON_MS = HOUR + 5 * MINUTE
const COMMON_DIGITS = 12

export type Purpose = 'prove' | 'recover'

/** What a code is for, and who asks for it: a secret of theirs of at least 128 bits, that their browser alone holds. */
export interface Asker {
  purpose: Purpose
  /** Normalised. */
  identifier: string
  ticket: string
}

export interface IssuedCode {
  /** To be sent; null when nothing may be sent now. */
  code: string | null
  /** Digits of the code to be entered: 12 where the newest message holds one that every asker may use. */
  digits: 6 | 12
  /** From when on another may be asked for, ms. */
  again: number
  /** Until when the code is good, ms. */
  until: number
}

/**
 * One-time codes for what can be received at an identifier.
 *
 * **Nobody shuts another out.** Anybody may ask for a code to anybody's identifier, so each limit is one that strangers
 * could use up, unless what they use is theirs alone:
 * - A code of six digits belongs to the browser that asked (its ticket), and so do its five tries: a stranger's wrong
 *   tries end the stranger's code. Without the ticket not even the right digits help.
 * - The number of messages is limited for the identifier, whoever asks, for its owner pays for each with attention. So
 *   strangers can use that up. Therefore the last message before a silence holds a code of twelve digits that *every*
 *   asker may use, and that lives longer than the silence: the flood itself brings the owner the code that opens.
 *   Whenever nothing can be sent, but for the one minute between two messages, such a code is alive, and an owner under
 *   flood waits for some minutes at most. It needs no counting of tries, which strangers could exhaust: of 10¹² it takes
 *   millions of tries within the hour to find it by one in a million, and forms are limited by address.
 * - Guessing: at most nine short codes a day for one identifier and purpose, so 45 tries of a million.
 *
 * What is stored is one document for each purpose and identifier, its key their hash, whether there is an account or
 * not. Short codes are hashed with their ticket, so the store does not give them away; long ones are gone in an hour.
 * Each try is counted before it is compared, so that many at once are no more than one after another.
 */
export function createCodes(collections: Collections, now: () => number) {
  /** A new code where one may be sent. */
  async function issue(asker: Asker): Promise<IssuedCode> {
    const key = keyOf(asker)
    for (;;) {
      const doc = await collections.get(CODES, key)
      const at = now()
      const held = living(doc?.value, at)
      const again = nextAfter(held.sent)
      const common = held.common.at(-1)
      const own = held.own.find((each) => each.ticket === hashOf(asker.ticket))
      if (at < again) {
        const usable = own ?? common
        return {
          code: null,
          digits: usable && usable === common ? COMMON_DIGITS : OWN_DIGITS,
          again,
          until: usable?.until ?? again,
        }
      }
      const short = isShort(held.sent, at)
      const digits = short ? OWN_DIGITS : COMMON_DIGITS
      const code = String(randomInt(10 ** digits)).padStart(digits, '0')
      const until = at + (short ? OWN_MS : COMMON_MS)
      const sent = [...held.sent, at]
      const others = held.own.filter((each) => each !== own)
      const value: CodesDocument = short
        ? {
            ...held,
            sent,
            own: [
              ...others,
              { ticket: hashOf(asker.ticket), hash: hashOf(key, asker.ticket, code), tries: 0, until },
            ],
          }
        : { ...held, sent, common: [...held.common, { hash: hashOf(key, code), until }] }
      const options = { expires: at + DAY }
      const done = doc
        ? await collections.replace(CODES, key, value, doc.revision, options)
        : await collections.insert(CODES, key, value, options)
      if (done) return { code, digits, again: nextAfter(sent), until }
    }
  }

  /**
   * The operation that uses the code up, for the batch of what it opens: it fails when the code was used, or tried,
   * meanwhile. Problem ids: `code-wrong`, `code-over` (none of this asker's is alive), `code-spent` (tried too often).
   */
  async function use(asker: Asker, typed: string): Promise<Operation | Refusal> {
    const key = keyOf(asker)
    const code = typed.replace(/[\s.-]/g, '')
    if (code.length === COMMON_DIGITS) {
      const doc = await collections.get(CODES, key)
      const { common } = living(doc?.value, now())
      return doc && common.some(({ hash }) => isSame(hash, hashOf(key, code)))
        ? usedUp(key, doc)
        : refuse(CODE_WRONG)
    }
    // Half a code, or a word, is no guess: it costs none of the tries.
    if (!/^[0-9]{6}$/.test(code)) return refuse(CODE_WRONG)
    for (;;) {
      const doc = await collections.get(CODES, key)
      const held = living(doc?.value, now())
      const own = held.own.find((each) => each.ticket === hashOf(asker.ticket))
      if (!doc || !own) return refuse(CODE_OVER)
      if (own.tries >= OWN_TRIES) return refuse(CODE_SPENT)
      const counted = held.own.map((each) => (each === own ? { ...own, tries: own.tries + 1 } : each))
      const value = { ...held, own: counted }
      if (!(await collections.replace(CODES, key, value, doc.revision, { expires: now() + DAY }))) continue
      if (!isSame(own.hash, hashOf(key, asker.ticket, code)))
        return refuse(own.tries + 1 < OWN_TRIES ? CODE_WRONG : CODE_SPENT)
      const after = await collections.get(CODES, key)
      if (after) return usedUp(key, after)
    }
  }

  /** No code of this purpose and identifier opens anything any more; that messages went out is remembered. */
  function usedUp(key: string, doc: { value: CodesDocument; revision: number }): Operation {
    return {
      op: 'replace',
      collection: CODES,
      key,
      revision: doc.revision,
      value: { sent: doc.value.sent, own: [], common: [] } satisfies CodesDocument,
      expires: now() + DAY,
    }
  }

  return { issue, use }
}
export type Codes = ReturnType<typeof createCodes>

function living(doc: CodesDocument | undefined, at: number): CodesDocument {
  return {
    sent: (doc?.sent ?? []).filter((each) => each > at - DAY),
    own: (doc?.own ?? []).filter((each) => each.until > at),
    common: (doc?.common ?? []).filter((each) => each.until > at),
  }
}

const within = (sent: readonly number[], at: number, ms: number) => sent.filter((each) => each > at - ms)

/** The last message before a silence is never short. */
function isShort(sent: readonly number[], at: number): boolean {
  return within(sent, at, HOUR).length < PER_HOUR - 1 && within(sent, at, DAY).length < PER_DAY - 1
}

/** When the next message may go out, after those that did; in the past when one may now. */
function nextAfter(sent: readonly number[]): number {
  const last = sent.at(-1)
  if (last === undefined) return 0
  const gap = last + GAP_MS
  // The fifth newest leaves the hour, or the newest does when there were ten within the day before it.
  const fifth = sent.at(-PER_HOUR)
  const byHour = fifth === undefined ? 0 : fifth + HOUR
  const tenth = sent.at(-PER_DAY)
  const byDay = tenth === undefined ? 0 : Math.min(tenth + DAY, last + HOUR)
  return Math.max(gap, byHour, byDay)
}

function keyOf({ purpose, identifier }: Asker): string {
  return hashOf(purpose, identifier)
}

function hashOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export const CODE_WRONG: Problem = {
  id: 'code-wrong',
  status: 403,
  path: 'code',
  message: 'The code is not right. Enter it as it stands in the newest message.',
}
const CODE_OVER: Problem = {
  id: 'code-over',
  status: 403,
  path: 'code',
  message: 'There is no code that could be used here now. Ask for a new one.',
}
const CODE_SPENT: Problem = {
  id: 'code-spent',
  status: 403,
  path: 'code',
  message: 'The code was entered wrongly too often. Ask for a new one.',
}

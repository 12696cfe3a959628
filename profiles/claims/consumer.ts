import { createHash } from 'node:crypto'
import type { Collections, FeedConsumer, FeedEntry, Operation, StoredStatement } from '../../lrs/index.ts'
import { identifierOf } from '../../lrs/index.ts'
import { type Answer, answerIn, nameIn, shapeOf } from './answers.ts'
import { keyOfCode } from './code.ts'
import {
  ACCOUNT_NAMES,
  CLAIM_ACTIVITIES,
  CLAIM_CODES,
  CLAIM_TRIES,
  CLAIMS,
  type ClaimDocument,
} from './documents.ts'
import { foldName } from './fold.ts'

const DAY = 86_400_000
const MONTH = 30 * DAY
/** Wrong codes of a day after which what else is typed there is not looked at. */
const MOST_OF_ACCOUNT = 10
const MOST_OF_SOURCE = 1_000

export interface ClaimConsumerDeps {
  collections: Collections
  /** Whether this source may speak for accounts of this home page: it is its own, or nobody's. */
  vouches(source: string, homePage: string): Promise<boolean>
  now: () => number
}

/**
 * Follows the feed for codes that were typed as the answer to a source's claim activity and stored by that very source.
 * A right one becomes a claim that waits for its person's word, and is used up. A wrong one is counted and answered with
 * silence. No code is written anywhere.
 */
export function createClaimConsumer(deps: ClaimConsumerDeps): FeedConsumer {
  return {
    name: 'accounts',
    async apply(entries) {
      const stored = entries.flatMap((entry: FeedEntry) => (entry.kind === 'stored' ? [entry.statement] : []))
      if (stored.length === 0) return []
      const shapes = stored.map((each) => [each, shapeOf(each)] as const)
      const answers = shapes.flatMap(([each, shape]) => answerIn(each, shape) ?? [])
      return [...(await claimsOf(deps, answers)), ...(await namesOf(deps.collections, shapes))]
    },
  }
}

async function claimsOf(
  { collections, vouches, now }: ClaimConsumerDeps,
  all: readonly Answer[],
): Promise<Operation[]> {
  const activities = await collections.getMany(CLAIM_ACTIVITIES, [
    ...new Set(all.map(({ source }) => source)),
  ])
  const answers: Answer[] = []
  for (const answer of all) {
    // Older than any code that could still be good: it is read again, or late, and counts for nothing.
    if (answer.stored < now() - DAY) continue
    if (activities.get(answer.source)?.value.activity !== answer.activity) continue
    const { account } = identifierOf(answer.agent)
    if (!account || (await vouches(answer.source, account.homePage))) answers.push(answer)
  }
  if (answers.length === 0) return []

  const triesKeys = [...new Set(answers.flatMap((answer) => [answer.source, accountOf(answer)]))]
  const tries = new Map(
    [...(await collections.getMany(CLAIM_TRIES, triesKeys))].map(([key, doc]) => [key, doc.value]),
  )
  const counted = new Set<string>()
  const count = (key: string, what: 'right' | 'wrong') => {
    const held = tries.get(key)
    const fresh = held && held.begun > now() - DAY ? held : { begun: now(), right: 0, wrong: 0 }
    tries.set(key, { ...fresh, [what]: fresh[what] + 1 })
    counted.add(key)
  }
  const wrongOf = (key: string) => {
    const held = tries.get(key)
    return held && held.begun > now() - DAY ? held.wrong : 0
  }
  const keys = answers.flatMap((answer) => keyOfCode(answer.response) ?? [])
  const codes = await collections.getMany(CLAIM_CODES, [...new Set(keys)])
  const known = await collections.getMany(
    CLAIMS,
    answers.map(({ statement }) => statement),
  )

  const operations: Operation[] = []
  for (const answer of answers) {
    if (known.has(answer.statement)) continue
    const { source, agent, stored } = answer
    const account = accountOf(answer)
    if (wrongOf(account) >= MOST_OF_ACCOUNT || wrongOf(source) >= MOST_OF_SOURCE) continue
    const key = keyOfCode(answer.response)
    const code = key === null ? undefined : codes.get(key)
    const isGood = code && code.value.made <= stored && stored <= code.value.until
    for (const each of [source, account]) count(each, isGood ? 'right' : 'wrong')
    if (!code || !isGood) continue
    codes.delete(code.key)
    const value: ClaimDocument = { person: code.value.person, source, agent, at: stored, state: 'waiting' }
    operations.push(
      { op: 'delete', collection: CLAIM_CODES, key: code.key, revision: code.revision },
      { op: 'insert', collection: CLAIMS, key: answer.statement, value, expires: now() + MONTH },
    )
  }
  const counts = [...counted].map((key): Operation => {
    const value = tries.get(key)!
    return { op: 'put', collection: CLAIM_TRIES, key, value, expires: value.begun + DAY }
  })
  return [...operations, ...counts]
}

async function namesOf(
  collections: Collections,
  shapes: readonly (readonly [StoredStatement, ReturnType<typeof shapeOf>])[],
): Promise<Operation[]> {
  const stated = new Map<string, { source: string; agent: string; name: string; folded: string }>()
  for (const [stored, shape] of shapes) {
    const named = nameIn(stored, shape)
    if (!named) continue
    const value = { source: stored.source, ...named, folded: foldName(named.name) }
    stated.set(accountOf(value), value)
  }
  const known = await collections.getMany(ACCOUNT_NAMES, [...stated.keys()])
  return [...stated].flatMap(([key, value]): Operation[] =>
    known.get(key)?.value.name === value.name ? [] : [{ op: 'put', collection: ACCOUNT_NAMES, key, value }],
  )
}

/** Names an account of a source without the identifier. */
export function accountOf({ source, agent }: { source: string; agent: string }): string {
  return createHash('sha256')
    .update(JSON.stringify([source, agent]))
    .digest('base64url')
}

import { allows, type Caller } from '../../caller.ts'
import { agentsToldOf } from '../../statement/agents.ts'
import { statementKey } from '../../statement/keys.ts'
import { inTurns } from '../../storage/in-turns.ts'
import type { Position, SourceId, StatementQuery, StatementText, StatementTexts } from '../../storage/port.ts'
import type { Services } from '../services.ts'

type Deps = Pick<Services, 'storage' | 'mayShow'>

/** What a reader is shown of a list, and up to where the list was looked through for it. */
export interface ShownPage extends StatementTexts {
  last: Position
}

/** Statements of others that one request looks through for those that may be shown; a page is short before it is late. */
const MOST_LOOKED_AT = 1_000
/** Looked through at a time, once what was asked for did not suffice. */
const AT_ONCE = 250

/**
 * Whether this caller may read this statement: its own source's; of others, with `statements/read`, what those agreed to
 * whom it tells of.
 */
export async function mayRead(
  { source, text }: Pick<StatementText, 'source' | 'text'>,
  caller: Caller,
  { mayShow }: Pick<Deps, 'mayShow'>,
): Promise<boolean> {
  if (source === caller.source) return true
  if (!allows(caller, 'statements/read')) return false
  if (!mayShow) return true
  const agents = toldOf(text)
  const shown = await mayShow(agents)
  return isShown(agents, source, shown)
}

/**
 * A page of what this caller may read of a list. It may be shorter than asked, even empty, with more behind it: a request
 * looks through so many statements and no more. What is the caller's own costs nothing beside the page itself.
 */
export async function readShown(
  query: StatementQuery,
  caller: Caller,
  { storage: { statements }, mayShow }: Deps,
): Promise<ShownPage> {
  const own = { ...query, sources: [caller.source] }
  if (!allows(caller, 'statements/read')) return whole(await statements.queryTexts(own))
  let page = await statements.queryTexts(query)
  if (!mayShow || isOwn(page, query, caller)) return whole(page)
  const asked = agentAsked(query)
  // Nothing of others would be shown: that there is any is not told either.
  if (asked !== null && !(await mayShow([asked])).has(asked)) return whole(await statements.queryTexts(own))

  const kept: { statement: StatementTexts['statements'][number]; text: Uint8Array }[] = []
  let last = query.after ?? 0
  let [looked, bytes] = [0, 0]
  for (;;) {
    const all = await withAgents(page, caller)
    const shown = await mayShow([...new Set(all.flatMap(({ agents }) => agents ?? []))])
    for (const [at, { statement, text, agents }] of all.entries()) {
      last = statement.position
      bytes += statement.bytes
      if (agents === null || isShown(agents, statement.source, shown)) kept.push({ statement, text })
      if (kept.length === query.limit) return joined(kept, at + 1 < all.length || page.more, last)
    }
    looked += all.length
    if (!page.more || looked >= MOST_LOOKED_AT || bytes >= query.maxBytes)
      return joined(kept, page.more, last)
    page = await statements.queryTexts({
      ...query,
      after: last,
      limit: Math.min(AT_ONCE, MOST_LOOKED_AT - looked),
      maxBytes: query.maxBytes - bytes,
    })
  }
}

const whole = (page: StatementTexts): ShownPage => ({ ...page, last: page.statements.at(-1)?.position ?? 0 })

/**
 * Nothing on this page says anything of what others sent: an own statement that refers to another is found by whom that
 * one tells of.
 */
function isOwn({ statements, text }: StatementTexts, query: StatementQuery, { source }: Caller): boolean {
  if (statements.some((statement) => statement.source !== source)) return false
  return agentAsked(query) === null || !bufferOf(text).includes('"StatementRef"')
}

const AGENT = statementKey.agent('')
function agentAsked({ keys }: StatementQuery): string | null {
  return keys.find((key) => key.startsWith(AGENT))?.slice(AGENT.length) ?? null
}

/** Each with its own part of the text and whom it tells of; null for the caller's own, of which that is not asked. */
function withAgents({ statements, text }: StatementTexts, { source }: Caller) {
  let at = 0
  return inTurns(statements, (statement) => {
    const part = text.subarray(at, at + statement.bytes)
    at += statement.bytes + 1
    return { statement, text: part, agents: statement.source === source ? null : toldOf(part) }
  })
}

/** Agent keys of everybody whom a statement tells of. */
export function toldOf(bytes: Uint8Array): string[] {
  return agentsToldOf(bufferOf(bytes).toString())
}

/** Everybody agreed to it; of a statement that tells of nobody there is nobody to agree. */
function isShown(
  agents: readonly string[],
  source: SourceId,
  shown: Awaited<ReturnType<NonNullable<Deps['mayShow']>>>,
): boolean {
  return agents.length > 0 && agents.every((agent) => shown.get(agent)?.(source))
}

function joined(
  kept: readonly { statement: StatementTexts['statements'][number]; text: Uint8Array }[],
  more: boolean,
  last: Position,
): ShownPage {
  const text = Buffer.concat(kept.flatMap((one, at) => (at === 0 ? [one.text] : [COMMA, one.text])))
  return { text, statements: kept.map(({ statement }) => statement), more, last }
}

const COMMA = Buffer.from(',')
const bufferOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

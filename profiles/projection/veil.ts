import type { Collections, Doc, Found } from '../../lrs/index.ts'
import { LINK_JOBS, LINKS, type LinkDocument, type LinkJob } from '../links/documents.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'
import type { LineFilter, PersonId, RecordLine } from '../types.ts'
import { tellingUnder } from './changes.ts'
import { FACTS, isFact, type Known, LINES, type LineDocument } from './documents.ts'
import { entriesOf } from './entries.ts'
import { findLines } from './find-lines.ts'
import { shownLine } from './line-document.ts'
import { pages } from './pages.ts'
import { add, type Tally, tallyOf } from './tally.ts'

/** Lines looked at for one page, however many of them are on their way out. */
const MAX_LOOKED_AT = 400

export interface VeilDeps {
  collections: Collections
  mapping: MappingReader
}

/** Lines of a record as they will be when the records have followed the links. */
export interface Veil {
  /** Those that are still there. */
  through(lines: readonly Doc<LineDocument>[]): Promise<RecordLine[]>
  /** What stays of each of these lines, of its own facts alone; nothing of one that goes. */
  staying(lines: readonly Doc<LineDocument>[]): Promise<ReadonlyMap<string, Tally>>
}

/** Identifiers whose facts are being brought to what their links say, and may be leaving this record. */
export async function onTheirWay(collections: Collections, person: PersonId): Promise<string[]> {
  const agents: string[] = []
  const find = (options: { after?: string; limit: number }) =>
    collections.find(LINK_JOBS, { index: 'person', equals: { persons: person }, ...options })
  for await (const docs of pages<LinkJob>(find))
    for (const { key, value } of docs) if (value.phase === 'facts') agents.push(key)
  return agents
}

/**
 * What lies over a record while an account's history is taken out of it: a line shows at once only what its links say
 * now. Null, and at the cost of one look at an index, when nothing is on its way.
 */
export async function veilOver({ collections, mapping }: VeilDeps, person: PersonId): Promise<Veil | null> {
  const leaving = await onTheirWay(collections, person)
  if (leaving.length === 0) return null
  const links = new Map<string, LinkDocument | null>()
  const held = await collections.getMany(LINKS, leaving)
  for (const agent of leaving) links.set(agent, held.get(agent)?.value ?? null)

  const stays = (fact: Known) => {
    if (!isFact(fact)) return false
    const link = links.get(fact.agent)
    return link === undefined || (link !== null && tellingUnder(link, fact)?.line === fact.line)
  }
  async function factsOf(lines: readonly Doc<LineDocument>[]): Promise<Map<string, Known[]>> {
    const named = lines.filter(({ value }) => value.tally.count === value.tally.statements.length)
    const ids = named.flatMap(({ value }) => value.tally.statements.map(({ id }) => id))
    const found = new Map<string, Known[]>()
    for (let from = 0; from < ids.length; from += 1000) {
      for (const { value } of (await collections.getMany(FACTS, ids.slice(from, from + 1000))).values())
        if (isFact(value)) found.set(value.line, [...(found.get(value.line) ?? []), value])
    }
    for (const { key, value } of lines) {
      if (value.tally.count !== value.tally.statements.length) found.set(key, await allFactsOf(key))
    }
    return found
  }

  /** Of a line that names only its newest statements. */
  async function allFactsOf(line: string): Promise<Known[]> {
    const all: Known[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: Found<Known> = await collections.find(FACTS, {
        index: 'line',
        equals: { line },
        limit: 500,
        ...(after === '' ? {} : { after }),
      })
      all.push(...page.docs.map((doc) => doc.value))
      after = page.next
    }
    return all
  }

  /** The lines that are shown as one of these. */
  async function tellersOf(lines: readonly Doc<LineDocument>[]): Promise<Map<string, Doc<LineDocument>>> {
    const ids = lines.flatMap(({ value }) => (value.twins?.tellers ?? []).map(({ line }) => line))
    const docs = new Map<string, Doc<LineDocument>>()
    for (let from = 0; from < ids.length; from += 1000)
      for (const [id, doc] of await collections.getMany(LINES, ids.slice(from, from + 1000)))
        docs.set(id, doc)
    return docs
  }

  function stayingTally(facts: readonly Known[]): Tally | null {
    const [first, ...others] = facts.filter(stays).filter(isFact).map(tallyOf)
    return first ? others.reduce(add, first) : null
  }

  return {
    async through(lines) {
      const others = await tellersOf(lines)
      const facts = await factsOf([...lines, ...others.values()])
      const classifier = await mapping.now()
      return lines.flatMap((line) => {
        const told = (line.value.twins?.tellers ?? []).flatMap((teller) => others.get(teller.line) ?? [])
        const docs = [line, ...told]
        const isWhole = docs.every(({ key }) => facts.get(key)?.every(stays))
        if (isWhole) return shownLine(line.value) ?? []
        return entriesOf(docs, ({ key }) => stayingTally(facts.get(key) ?? []), classifier)
      })
    },

    async staying(lines) {
      const facts = await factsOf(lines)
      return new Map(
        lines.flatMap(({ key }) => {
          const tally = stayingTally(facts.get(key) ?? [])
          return tally ? [[key, tally] as const] : []
        }),
      )
    },
  }
}

/** A page of lines under the veil; it may be short, and goes on behind the last line that was looked at. */
export async function veiledPage(
  collections: Collections,
  veil: Veil,
  person: PersonId,
  filter: LineFilter,
  options: { after?: string | undefined; limit: number },
): Promise<{ lines: RecordLine[]; next: string | null }> {
  const lines: RecordLine[] = []
  let { after } = options
  for (let looked = 0; ; ) {
    const page = await findLines(collections, person, filter, { limit: options.limit - lines.length, after })
    lines.push(...(await veil.through(page.docs)))
    looked += Math.max(1, page.docs.length)
    if (page.next === null || lines.length >= options.limit || looked >= MAX_LOOKED_AT)
      return { lines, next: page.next }
    after = page.next
  }
}

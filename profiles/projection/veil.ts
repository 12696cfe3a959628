import { type Collections, type Doc, findPage } from '../../lrs/index.ts'
import { LINK_JOBS, LINKS, type LinkDocument } from '../links/documents.ts'
import type { PersonId, RecordLine } from '../types.ts'
import { tellingUnder } from './changes.ts'
import { FACTS, isFact, type Known, LINES, type LineDocument } from './documents.ts'
import { shownLine } from './line-document.ts'
import { add, type Tally, tallyOf } from './tally.ts'

/** Lines looked at for one page, however many of them are on their way out. */
const MAX_LOOKED_AT = 400

/** Lines of a record as they will be when the records have followed the links. */
export interface Veil {
  through(doc: Doc<LineDocument>): Promise<RecordLine | null>
}

/**
 * What lies over a record while an account's history is taken out of it: a line shows at once only what its links say
 * now. Null, and at the cost of one look at an index, when nothing is on its way.
 */
export async function veilOver(collections: Collections, person: PersonId): Promise<Veil | null> {
  const jobs = await collections.find(LINK_JOBS, { index: 'person', equals: { persons: person }, limit: 100 })
  const leaving = jobs.docs.filter(({ value }) => value.phase === 'facts').map(({ key }) => key)
  if (leaving.length === 0) return null
  const links = new Map<string, LinkDocument | null>()
  const held = await collections.getMany(LINKS, leaving)
  for (const agent of leaving) links.set(agent, held.get(agent)?.value ?? null)

  const stays = (fact: Known) => {
    if (!isFact(fact)) return false
    const link = links.get(fact.agent)
    return link === undefined || (link !== null && tellingUnder(link, fact).line === fact.line)
  }
  return {
    async through({ key, value }) {
      let sum: Tally | null = null
      let whole = true
      let after: string | null = ''
      while (after !== null) {
        const page: { docs: Doc<Known>[]; next: string | null } = await collections.find(FACTS, {
          index: 'line',
          equals: { line: key },
          limit: 500,
          ...(after === '' ? {} : { after }),
        })
        for (const { value: fact } of page.docs) {
          if (stays(fact) && isFact(fact)) sum = sum ? add(sum, tallyOf(fact)) : tallyOf(fact)
          else whole = false
        }
        after = page.next
      }
      // Kind, topic and H stay those of the whole line until it is told anew.
      return whole ? shownLine(value) : sum && shownLine({ ...value, tally: sum })
    },
  }
}

/** A page of lines under the veil; it may be short, and goes on behind the last line that was looked at. */
export async function veiledPage(
  collections: Collections,
  veil: Veil,
  person: PersonId,
  options: { after?: string | undefined; limit: number },
): Promise<{ lines: RecordLine[]; next: string | null }> {
  const lines: RecordLine[] = []
  let { after } = options
  for (let looked = 0; ; ) {
    const page = await findPage(collections, LINES, {
      index: 'person',
      equals: { visibleTo: person },
      descending: true,
      limit: options.limit - lines.length,
      after,
    })
    for (const doc of page.docs) {
      const line = await veil.through(doc)
      if (line) lines.push(line)
    }
    looked += page.docs.length
    if (page.next === null || lines.length >= options.limit || looked >= MAX_LOOKED_AT)
      return { lines, next: page.next }
    after = page.next
  }
}

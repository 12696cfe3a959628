import { type Request, type RequestHandler, Router } from 'express'
import type { RecordLine } from '../../profiles/index.ts'
import { page, queryOf, show, signedIn, viewerOf, viewOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { type Chosen, MOST_PRINTED, type Printed, printPage } from './print-page.ts'
import { tellerNames } from './source-names.ts'

const AT_ONCE = 200
/** Years and topics that are looked at; more than anybody marks. */
const MOST_CHOSEN = 40
/** Pages of lines that are read for one print: also of years in which nothing is. */
const MOST_READS = 60
const NOTHING: Printed = { lines: [], isCut: false, disputed: new Map() }
const NONE = 'none'
const PRINT_ADDRESS = '/me/record/print'

/** Of what the filters of the record ask for, as far as a print can be of it. */
export function printAddress({ year, topic }: { year: string; topic: string }): string {
  const query = new URLSearchParams({ ...(year && { year }), ...(topic && { topic }) })
  return query.size > 0 ? `${PRINT_ADDRESS}?${query}` : PRINT_ADDRESS
}

/** The record on paper: chosen by an address, so that it can be opened again, and printed by the browser. */
export function printRoutes(services: WebServices): Router {
  return Router()
    .get(
      PRINT_ADDRESS,
      signedIn,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const chosen = chosenOf(req)
        const [years, { topics }, source] = await Promise.all([
          services.transcript.years(person),
          services.mapping.now(),
          tellerNames(services),
        ])
        // While something is taken out of it a record is read the long way, and would be wrong on paper a moment later.
        const found = years && (await gather(services, person, chosen))
        return show(printPage(view, { ...(found ?? NOTHING), chosen, years, topics, source }))
      }),
    )
    .get(`${PRINT_ADDRESS}.css`, signedIn, marginBoxes)
}

function chosenOf(req: Request): Chosen {
  const all = (name: string) =>
    [...new Set([req.query[name]].flat())]
      .filter((value): value is string => typeof value === 'string' && value !== '')
      .slice(0, MOST_CHOSEN)
  return {
    years: all('year')
      .filter((year) => /^\d{4}$/.test(year))
      .map(Number)
      .sort((a, b) => b - a),
    topics: all('topic').map((topic) => (topic === NONE ? null : topic)),
    hidden: queryOf(req, 'hidden') === 'yes',
  }
}

/** The newest lines that fit; those that are hidden from shares only where that was chosen. */
async function gather(
  { transcript, hidden, disputes }: WebServices,
  person: string,
  chosen: Chosen,
): Promise<Printed> {
  const years = chosen.years.length > 0 ? chosen.years.map((year) => ({ year })) : [{}]
  const topics = chosen.topics.length > 0 ? { topics: chosen.topics } : {}
  const all: RecordLine[] = []
  let reads = 0
  let isCut = false
  for (const year of years) {
    const ofYear: RecordLine[] = []
    for (let after: string | null | undefined; after !== null && !isCut; ) {
      const found: Awaited<ReturnType<typeof transcript.lines>> = await transcript.lines(person, {
        limit: AT_ONCE,
        filter: { ...year, ...topics },
        ...(after && { after }),
      })
      const kept = chosen.hidden ? new Set() : await hidden.among(found.lines)
      ofYear.push(...found.lines.filter(({ id }) => !kept.has(id)))
      after = found.next
      reads++
      isCut =
        all.length + ofYear.length > MOST_PRINTED ||
        (reads >= MOST_READS && (after !== null || year !== years.at(-1)))
    }
    // With a filter the lines of one day come in no order of time.
    all.push(...ofYear.sort((a, b) => b.at - a.at))
    if (isCut) break
  }
  const lines = all.slice(0, MOST_PRINTED)
  return { lines, isCut, disputed: await disputes.among(lines) }
}

/** What stands in the margins of each sheet: whose record it is, and as of when. Its words are text, whatever they are. */
const marginBoxes: RequestHandler = (_req, res) => {
  const view = viewOf(res)
  const quoted = (text: string) =>
    `"${[...text].map((letter) => `\\${letter.codePointAt(0)?.toString(16)} `).join('')}"`
  res.setHeader('Cache-Control', 'no-store')
  res.type('text/css').send(`@page {
  @top-left { content: ${quoted(viewerOf(view).name)}; }
  @top-right { content: ${quoted(view.format.date(Date.now()))}; }
}
`)
}

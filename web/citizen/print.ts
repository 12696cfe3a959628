import { type Request, type RequestHandler, Router } from 'express'
import type { LineFilter, RecordLine } from '../../profiles/index.ts'
import { page, queryOf, show, signedIn, viewerOf, viewOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { type Chosen, MOST_PRINTED, printPage, type Printed } from './print-page.ts'
import { sourceNames } from './source-names.ts'

const AT_ONCE = 200
/** Years and topics that are looked at; more than anybody marks. */
const MOST_CHOSEN = 40
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
        const [found, years, { topics }, source] = await Promise.all([
          gather(services, person, chosen),
          services.transcript.years(person),
          services.mapping.now(),
          sourceNames(services),
        ])
        return show(printPage(view, { ...found, chosen, years, topics, source }))
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
  const topics = chosen.topics.length > 0 ? chosen.topics.map((topic) => ({ topic })) : [{}]
  const all: RecordLine[] = []
  for (const year of years) {
    // Of each topic the newest, as many as could still be printed: in no order among them.
    const most = MOST_PRINTED + 1 - all.length
    const ofYear = await Promise.all(
      topics.map((topic) => newestOf(transcript, person, { ...year, ...topic }, most)),
    )
    all.push(...ofYear.flat().sort((a, b) => b.at - a.at))
    if (all.length > MOST_PRINTED) break
  }
  const kept = chosen.hidden ? new Set() : await hidden.among(all)
  const lines = all.slice(0, MOST_PRINTED).filter(({ id }) => !kept.has(id))
  const disputed = await disputes.among(lines)
  return { lines, isCut: all.length > MOST_PRINTED, disputed }
}

async function newestOf(
  transcript: WebServices['transcript'],
  person: string,
  filter: LineFilter,
  most: number,
): Promise<RecordLine[]> {
  const lines: RecordLine[] = []
  for (let after: string | null | undefined; after !== null && lines.length < most; ) {
    const found: Awaited<ReturnType<typeof transcript.lines>> = await transcript.lines(person, {
      limit: AT_ONCE,
      filter,
      ...(after && { after }),
    })
    lines.push(...found.lines)
    after = found.next
  }
  return lines.slice(0, most)
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

import { Router } from 'express'
import type { Source } from '../../lrs/index.ts'
import {
  agreed,
  type LinkWork,
  type MappingTopic,
  type Organisation,
  type RecordLine,
  type Year,
} from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { timeline } from '../components/timeline.ts'
import { type Html, html } from '../html.ts'
import { access } from '../i18n/messages/access.ts'
import { certificates } from '../i18n/messages/certificates.ts'
import { consents as consentWords } from '../i18n/messages/consents.ts'
import { diary } from '../i18n/messages/diary.ts'
import { print } from '../i18n/messages/print.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { lineConfirmations } from './confirmation-news.ts'
import { agreeForm, askSection } from './consent-parts.ts'
import { FIRST_PARTS, placeWords } from './course-parts.ts'
import { readMarks, readStanding } from './dispute-section.ts'
import { readEvents } from './events.ts'
import { linePage } from './line-page.ts'
import { workNotices } from './links-page.ts'
import { printAddress } from './print.ts'
import { tellerNames } from './source-names.ts'
import type { SourceName } from './tellers.ts'
import { filesOf, toldUnder } from './told-place.ts'
import { yearFigures } from './transcript-figures.ts'
import { type Asked, askedOf, asksNothing, filterForm, filterOf, recordAddress } from './transcript-filter.ts'
import { WHO_LOOKED } from './who-looked.ts'

/** A page with the figures of a year and more lines would weigh more than 150 kB. */
const PAGE = 40
/** Events listed on the page of one line. */
const EVENTS = 50
/** To choose from. */
const MOST_ORGANISATIONS = 500

export function transcriptRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/me/transcript',
      signedIn,
      page(async (view, req) => {
        const person = viewerOf(view).id
        if (!agreed(viewerOf(view))) return show(closedPage(view, services))
        const after = queryOf(req, 'after')
        const asked = askedOf(req)
        const sources = await services.sources.list()
        const filter = filterOf(asked, sources)
        const [{ lines, next }, years, { topics }, work, organisations] = await Promise.all([
          services.transcript.lines(person, { limit: PAGE, filter, ...(after && { after }) }),
          services.transcript.years(person),
          services.mapping.now(),
          services.links.work(person),
          organisationsOf(services, sources),
        ])
        const props = { lines, next, years, sources, organisations, topics, work, asked, later: after !== '' }
        const [marks, places, source] = await Promise.all([
          readMarks(view, services, lines),
          services.transcript.courses(
            person,
            lines.map(({ id }) => id),
          ),
          tellerNames(services),
        ])
        const notes = ({ id }: RecordLine) => placeWords(view, places.get(id))
        return show(transcriptPage(view, { ...props, marks, notes, source }))
      }),
    )
    .get(
      '/me/transcript/:line',
      signedIn,
      page(async (view, req) => {
        const line = await services.transcript.line(viewerOf(view).id, paramOf(req, 'line'))
        if (!line) return show(notFoundPage(view), 404)
        const others = line.tellers?.slice(1) ?? []
        const [source, { topics }, hours, events, splits, confirmations, standing, teller] =
          await Promise.all([
            tellerNames(services),
            services.mapping.now(),
            services.transcript.hoursOf(line),
            readEvents(services, newestOf(line)),
            services.twins.splitFrom(line.person, line.id),
            lineConfirmations(view, services, line),
            readStanding(services, line),
            services.sources.get(line.source),
          ])
        const told = await toldUnder(services, line.person, line.activity.id)
        const files = await filesOf(services, told)
        const [places, parts] = await Promise.all([
          services.transcript.courses(line.person, [line.id]),
          services.transcript.parts(line.person, line.id, { limit: FIRST_PARTS }),
        ])
        // What several told is not one's own word alone.
        const isOwnWord = teller?.kind === 'diary' && others.length === 0
        const props = {
          line,
          source,
          events,
          hours,
          topics,
          splits,
          told,
          files,
          confirmations,
          standing,
          isOwnWord,
          place: places.get(line.id),
          parts: parts.lines,
        }
        return show(linePage(view, props))
      }),
    )
}

/** Statements that the page of a line lists: the newest, some of each who tells of it. */
function newestOf(line: RecordLine): string[] {
  const told = (line.tellers ?? [line]).map(({ statements }) => statements.toReversed())
  const inTurn = Array.from({ length: EVENTS }, (_, at) => told.flatMap((statements) => statements[at] ?? []))
  return inTurn.flat().slice(0, EVENTS)
}

/** Those that sources belong to, by name. */
async function organisationsOf(
  { organisations }: WebServices,
  sources: readonly Source[],
): Promise<Pick<Organisation, 'id' | 'name'>[]> {
  const ids = new Set(sources.flatMap(({ organisation }) => organisation ?? []))
  if (ids.size === 0) return []
  const found = await organisations.getMany([...ids].slice(0, MOST_ORGANISATIONS))
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'vi'))
}

interface Props {
  lines: readonly RecordLine[]
  next: string | null
  /** Null while something is being taken out. */
  years: readonly Year[] | null
  sources: readonly Source[]
  organisations: readonly Pick<Organisation, 'id' | 'name'>[]
  topics: readonly MappingTopic[]
  work: readonly LinkWork[]
  asked: Asked
  later: boolean
  /** What is to be known of a line beside itself. */
  marks(line: RecordLine): readonly string[]
  /** What it is among courses and their parts. */
  notes(line: RecordLine): readonly string[]
  source: SourceName
}

function transcriptPage(view: View, props: Props): Html {
  const say = view.say(record)
  const { asked, later } = props
  const years = props.years ?? []
  const year = years.find((each) => String(each.year) === asked.year) ?? years[0]
  const isMoving = props.years === null && (props.lines.length > 0 || props.next !== null)
  if (!year && !isMoving) return emptyPage(view, props.work)
  const count = years.reduce((sum, { lines }) => sum + Object.values(lines).reduce((a, b) => a + b, 0), 0)
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack loose">
      ${heading(view, { title: say('title'), lead: html`${year && say('lead', { count })} ${say('whoSays')}` })}
      <div class="stack tight">
        ${tellOneself(view)}
        <div class="row">
          ${buttonLink(view, { label: view.say(print)('open'), href: printAddress(asked), icon: 'file' })}
          ${!later && asksNothing(asked) && link({ href: WHO_LOOKED, label: view.say(access)('open') })}
        </div>
      </div>
      ${workNotices(view, props.work, '/me/transcript')}
      ${!later && asksNothing(asked) && (year ? yearFigures(view, { year, years, topics: props.topics }) : notice(view, { body: say('countingAnew') }))}
      <section class="stack">
        <h2>${say('linesTitle')}</h2>
        ${filterForm(view, { ...props, years })}
        ${lineList(view, props)}
      </section>
    </div>`,
  })
}

function lineList(view: View, { lines, next, source, asked, later, marks, notes }: Props): Html {
  const say = view.say(record)
  const isAll = asksNothing(asked) && !asked.year
  return html`${
    lines.length > 0
      ? timeline(view, {
          lines,
          sourceName: (of) => source(of.source),
          marks,
          notes,
          fromToday: !later && isAll,
          level: 3,
        })
      : next === null
        ? emptyState({ level: 3, title: say('noneTitle'), body: say('noneBody') })
        : html`<p class="muted">${say('noneYet')}</p>`
  }
  ${pager(view, {
    next: next && recordAddress(asked, { after: next }),
    first: later ? recordAddress(asked) : null,
  })}`
}

/** What no system tells of, its owner does. */
function tellOneself(view: View): Html {
  return html`<div class="row">
    ${buttonLink(view, { label: view.say(diary)('newTitle'), href: '/me/diary/new', icon: 'edit' })}
    ${buttonLink(view, { label: view.say(certificates)('newTitle'), href: '/me/certificates/new', icon: 'van-bang' })}
  </div>`
}

/** Of who did not agree to a record: why there is none, and the question. */
function closedPage(view: View, { consents }: WebServices): Html {
  const say = view.say(record)
  const here = '/me/transcript'
  const held = viewerOf(view).consents?.['learning-record']
  const asked = consents.purposes().filter(({ purpose }) => purpose === 'learning-record')
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, { title: say('title'), lead: view.say(consentWords)('closedBody') })}
      ${asked.map((each) => (held ? agreeForm(view, each, here) : askSection(view, { ...each, why: 'first' }, here)))}
    </div>`,
  })
}

function emptyPage(view: View, work: readonly LinkWork[]): Html {
  const say = view.say(record)
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, { title: say('title') })}
      ${workNotices(view, work, '/me/transcript')}
      ${emptyState({
        title: say('emptyTitle'),
        body: say('emptyBody'),
        action: buttonLink(view, { label: say('emptyAction'), href: '/lessons', kind: 'primary' }),
      })}
      ${tellOneself(view)}
    </div>`,
  })
}

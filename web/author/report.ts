import { type Request, type RequestHandler, Router } from 'express'
import { FEWEST, type Lesson, type LessonReport } from '../../h5p/index.ts'
import { cellOf, holdsEverywhere } from '../../profiles/index.ts'
import { report as messages } from '../i18n/messages/report.ts'
import { filterAddress } from '../operator/statement-filter.ts'
import { page, paramOf, queryOf, type Reply, send, show, viewOf } from '../page.ts'
import { notFoundPage, notYoursPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { mayChangeLesson } from './lesson-rights.ts'
import { answerOf, type ReportProps, reportPage, wordsOf } from './report-page.ts'

interface Asked {
  lesson: Lesson
  /** Null: all versions. */
  version: number | null
  report: LessonReport
  taken: ReportProps['taken']
}

/** How a lesson was learned, for who may change it: numbers alone. */
export function reportRoutes(services: WebServices): Router {
  /** The report in the path, or the page that says why not. */
  async function asked(view: View, req: Request): Promise<Asked | Reply> {
    const lesson = await services.host.lessons.get(paramOf(req, 'id'))
    if (!lesson) return show(notFoundPage(view), 404)
    if (!(await mayChangeLesson(view, services, lesson))) return show(notYoursPage(view), 403)
    const number = queryOf(req, 'version')
    const version = /^[1-9]\d{0,5}$/.test(number) ? Number(number) : null
    const report = await services.host.reports.of(lesson.id, version ?? undefined)
    return { lesson, version, report, taken: await takenIn(lesson, version) }
  }

  async function takenIn({ id }: Lesson, version: number | null): Promise<ReportProps['taken']> {
    const { lessons } = services.host
    const versions =
      version === null
        ? (await lessons.versions(id, { limit: ALL })).versions
        : [await lessons.version(id, version)]
    const kinds = new Set(versions.flatMap((each) => each?.mode.kind ?? []))
    const [kind = 'practice'] = kinds
    return kinds.size > 1 ? 'both' : kind
  }

  const csv: RequestHandler = async (req, res) => {
    const view = viewOf(res)
    const found = await asked(view, req)
    if (!('report' in found)) return send(req, res, found)
    const { lesson, version, report, taken } = found
    const name = `bao-cao-${lesson.id}${version === null ? '' : `-${version}`}.csv`
    res
      .set({ 'Cache-Control': 'no-store', 'Content-Disposition': `attachment; filename="${name}"` })
      .type('text/csv; charset=utf-8')
      // The mark by which spreadsheet programs know UTF-8.
      .send(
        `\ufeff${rowsOf(view, report, taken)
          .map((row) => `${row.map(cellOf).join(',')}\r\n`)
          .join('')}`,
      )
  }

  return Router()
    .get('/:id/report.csv', csv)
    .get(
      '/:id/report',
      page(async (view, req) => {
        const found = await asked(view, req)
        if (!('report' in found)) return found
        const { lesson } = found
        const iri = `${view.publicUrl}/lessons/${lesson.id}`
        // Statements name people: they are the operator's to read, and the audit tells of it.
        const reads = view.viewer !== null && holdsEverywhere(view.viewer, 'operate')
        return show(
          reportPage(view, {
            ...found,
            versions: newestOf(lesson),
            statementsOf: reads
              ? (part) => filterAddress({ activity: part ? `${iri}?subContentId=${part}` : iri })
              : null,
          }),
        )
      }),
    )
}

/** Versions of one lesson, all of them. */
const ALL = 400
/** Versions that have a tab of their own. */
const MOST_VERSIONS = 12
const newestOf = ({ latest }: Lesson) =>
  Array.from({ length: Math.min(latest, MOST_VERSIONS) }, (_, at) => latest - at)

/** The report as a table of one figure a line: what it is about, what is counted, how many. */
function rowsOf(view: View, report: LessonReport, taken: ReportProps['taken']): string[][] {
  const say = view.say(messages)
  if (report.kind !== 'some') return [[say(`${report.kind}Title`, { fewest: FEWEST })]]
  const { learners, completers, attempts, completed, passed, failed, score, seconds } = report
  const figure = (name: string, value: number | null): string[] => [
    '',
    name,
    value === null ? '' : String(value),
  ]
  return [
    figure(say('learners'), learners),
    figure(say('completers'), completers),
    figure(say('attempts'), attempts),
    figure(say('completed'), completed),
    figure(say(`passed-${taken}`), passed),
    figure(say(`failed-${taken}`), failed),
    figure(say(`score-${taken}`), score),
    figure(say('time'), seconds),
    ...report.scores.map(({ from, to, attempts: count }) =>
      figure(`${say('scoreColumn')} ${from * 100}-${to * 100}`, count),
    ),
    ...report.questions.flatMap((question) => [
      [wordsOf(view, question), say('columnAnswered'), String(question.answered)],
      [
        wordsOf(view, question),
        say('columnRight'),
        question.rightShare === null ? '' : String(question.rightShare),
      ],
      ...question.responses.map(({ response, count }) => [
        wordsOf(view, question),
        answerOf(view, question, response),
        String(count),
      ]),
      [wordsOf(view, question), say('answersOthers'), String(question.others)],
    ]),
  ]
}

import { FEWEST, type Lesson, type LessonReport, type QuestionOfReport } from '../../h5p/index.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { chart } from '../components/chart.ts'
import { details } from '../components/details.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { tabs } from '../components/tabs.ts'
import { type Html, html } from '../html.ts'
import { report as messages } from '../i18n/messages/report.ts'
import { named } from '../i18n/named.ts'
import { responseWords } from '../i18n/response-words.ts'
import type { View } from '../view.ts'
import { authorPage } from './frame.ts'

type Some = LessonReport & { kind: 'some' }

export interface ReportProps {
  lesson: Lesson
  report: LessonReport
  /** The version it is about; null: all. */
  version: number | null
  /** How what is counted was taken: only what was assessed is a judgement. */
  taken: 'practice' | 'assessed' | 'both'
  /** Numbers of the versions there are, the newest first. */
  versions: readonly number[]
  /** Where the statements about an activity are listed; null for who may not read them. */
  statementsOf: ((part: string) => string) | null
}

export const reportAddress = (lesson: string, version: number | null, ending = '') =>
  `/author/${encodeURIComponent(lesson)}/report${ending}${version === null ? '' : `?version=${version}`}`

export function reportPage(view: View, props: ReportProps): Html {
  const say = view.say(messages)
  const { lesson, report, version, versions } = props
  const title = say('title', { lesson: lesson.title })
  return authorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, {
        title,
        lead: say('lead', { fewest: FEWEST }),
        back: { href: `/author/${encodeURIComponent(lesson.id)}`, label: say('back') },
      })}
      ${
        versions.length > 1 &&
        tabs({
          label: say('versions'),
          items: [null, ...versions].map((each) => ({
            href: reportAddress(lesson.id, each),
            label: each === null ? say('allVersions') : say('version', { number: each }),
            current: each === version,
          })),
        })
      }
      ${report.kind === 'some' ? figures(view, report, props) : nothing(view, report.kind)}
    </div>`,
  })
}

function nothing(view: View, kind: 'none' | 'few'): Html {
  const say = view.say(messages)
  const values = { fewest: FEWEST }
  return emptyState({ title: say(`${kind}Title`, values), body: say(`${kind}Body`, values) })
}

function figures(view: View, report: Some, { lesson, version, taken, statementsOf }: ReportProps): Html {
  const say = view.say(messages)
  const { format } = view
  const { learners, completers, attempts, completed, passed, failed, score, seconds } = report
  const shown = (count: number) => say('countAttempts', { count })
  return html`${facts([
    [say('learners'), format.number(learners)],
    [
      say('completers'),
      completers === null
        ? say('tooFew')
        : say('completersOf', { count: completers, share: format.percent(completers / learners) }),
    ],
    [say('attempts'), format.number(attempts)],
    [say('completed'), format.number(completed)],
    ...(passed + failed > 0
      ? ([
          [say(`passed-${taken}`), format.number(passed)],
          [say(`failed-${taken}`), format.number(failed)],
        ] as const)
      : []),
    [say(`score-${taken}`), score === null ? say('notScored') : format.percent(score)],
    ...(seconds === null ? [] : ([[say('time'), format.duration(seconds * 1000)]] as const)),
  ])}
  <div class="row">
    ${buttonLink(view, { label: say('csv'), href: reportAddress(lesson.id, version, '.csv'), icon: 'download' })}
    ${statementsOf && buttonLink(view, { label: say('statements'), href: statementsOf(''), kind: 'quiet' })}
  </div>
  ${
    report.scored > 0 &&
    chart(view, {
      kind: 'columns',
      title: say('scoreChart'),
      labels: [say('scoreColumn'), say('attempts')],
      points: report.scores.map(({ from, to, attempts: value }) => ({
        label: say('scoreStep', { from: format.number(from * 100, 0), to: format.percent(to) }),
        value,
        shown: shown(value),
      })),
    })
  }
  ${
    report.timed > 0 &&
    chart(view, {
      kind: 'bars',
      title: say('timeChart'),
      labels: [say('timeColumn'), say('attempts')],
      points: report.times.map(({ to, attempts: value }, at) => ({
        label: to === null ? say('timeOver', { to: report.times[at - 1]?.to ?? 0 }) : say('timeUpTo', { to }),
        value,
        shown: shown(value),
      })),
    })
  }
  <section class="stack">
    <h2>${say('questions')}</h2>
    ${
      report.questions.length === 0
        ? html`<p class="muted">${say('questionsNone', { fewest: FEWEST })}</p>`
        : html`<p class="muted">${say('questionsLead')}</p>${questionTable(view, report, statementsOf)}`
    }
  </section>`
}

function questionTable(view: View, { questions }: Some, statementsOf: ReportProps['statementsOf']): Html {
  const say = view.say(messages)
  return table({
    caption: say('questions'),
    columns: [
      { label: say('columnQuestion'), cell: (question: QuestionOfReport) => wordsOf(view, question) },
      {
        label: say('columnRight'),
        end: true,
        cell: ({ rightShare }) => (rightShare === null ? say('notJudged') : view.format.percent(rightShare)),
      },
      {
        label: say('columnAnswered'),
        end: true,
        cell: ({ answered, part }) =>
          statementsOf
            ? html`<a href=${statementsOf(part)}>${view.format.number(answered)}</a>`
            : view.format.number(answered),
      },
      { label: say('columnAnswers'), cell: (question) => answers(view, question) },
    ],
    rows: questions,
  })
}

function answers(view: View, question: QuestionOfReport): Html {
  const say = view.say(messages)
  const rows = [
    ...question.responses.map(({ response, count, right }) => ({
      words: answerOf(view, question, response),
      count,
      right,
    })),
    ...(question.others > 0 ? [{ words: say('answersOthers'), count: question.others, right: false }] : []),
  ]
  if (rows.length === 0) return null
  return details({
    summary: say('answersShow'),
    body: html`<ul>
      ${rows.map(
        ({ words, count, right }) =>
          html`<li>${words}${right && html` <strong>(${say('answerRight')})</strong>`}: ${view.format.number(count)}</li>`,
      )}
    </ul>`,
  })
}

export const answerOf = (view: View, { kind, choices }: QuestionOfReport, response: string): string =>
  responseWords(
    view,
    { interactionType: kind, choices: choices.map(({ id, text }) => ({ id, description: text })) },
    response,
  )

export const wordsOf = (view: View, { text }: QuestionOfReport): string =>
  named(text, view.language) ?? view.say(messages)('unnamed')

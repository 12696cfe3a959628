import type { OwnAttempt } from '../../h5p/index.ts'
import { badge } from '../components/badge.ts'
import { table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { lessonEnd } from '../i18n/messages/lesson-end.ts'
import type { View } from '../view.ts'

/** "7/10" */
export function points(view: View, { raw, max }: { raw: number; max: number }): string {
  const { number } = view.format
  return `${number(raw)}/${number(max)}`
}

/** What came of an attempt, in words that do not promise more than it is. */
export function result(view: View, attempt: OwnAttempt): string {
  const say = view.say(lessonEnd)
  if (attempt.goesOn) return say('goesOn')
  if (attempt.finished === null) return say('left')
  if (attempt.declared) return say('declared')
  const assessed = attempt.mode.kind === 'assessed'
  if (assessed) return say(attempt.passed ? 'passed' : 'notPassed')
  return attempt.score ? say('practised') : say('finished')
}

/** Earlier attempts of the reader: the best, the last, and each of them. */
export function attemptsSection(view: View, all: readonly OwnAttempt[]): Html {
  const say = view.say(lessonEnd)
  const ended = all.filter(({ finished }) => finished !== null)
  if (ended.length === 0) return null
  const best = ended
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => share(b) - share(a) || a.started - b.started)[0]
  return html`<section class="stack">
    <h2>${say('attemptsTitle')}</h2>
    ${table({
      caption: say('attemptsTitle'),
      rows: all,
      columns: [
        { label: say('columnWhen'), cell: (each) => when(view, each.finished ?? each.started) },
        {
          label: say('columnResult'),
          cell: (each) =>
            html`${result(view, each)}${
              ended.length > 1 &&
              html`${each === best && html` ${badge(view, { label: say('best'), tone: 'good' })}`}${
                each === ended[0] && html` ${badge(view, { label: say('last') })}`
              }`
            }`,
        },
        { label: say('columnScore'), cell: ({ score }) => score && points(view, score), end: true },
        {
          label: say('columnTime'),
          cell: ({ active }) => (active >= 1000 ? view.format.duration(active) : null),
          end: true,
        },
      ],
    })}
  </section>`
}

const share = ({ score }: OwnAttempt) => (score && score.max > 0 ? score.raw / score.max : 0)

import { type Request, Router } from 'express'
import {
  type Completion,
  canAssess,
  type DraftChange,
  type Lesson,
  type Mode,
  type PackageProblem,
} from '../../h5p/index.ts'
import { button } from '../components/button.ts'
import { checkbox, radios } from '../components/choice.ts'
import { errorOf, type FieldError, field } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { explainPackageProblem } from '../i18n/problems.ts'
import { go, type Reply, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { addressOf, lessonPage, ownLesson, savesFirst } from './lesson-frame.ts'

interface Sent {
  by: string
  percent: string
  mode: string
  attempts: string
  passPercent: string
  shuffle: boolean
  anonymous: boolean
}

/** When a lesson counts as learned, and whether it is practice or assessed. */
export function ruleRoutes(services: WebServices): Router {
  const own = ownLesson(services)
  return Router()
    .get(
      '/:id/rule',
      own((view, lesson) => rulePage(view, services, lesson, sentOf(lesson), [])),
    )
    .post(
      '/:id/rule',
      own(async (view, lesson, req) => {
        const sent = sentBy(req)
        const changed = await services.host.lessons.describe(lesson.id, changeOf(sent))
        if (!('ok' in changed)) return go(`${addressOf(lesson)}/rule`, { message: view.say(author)('saved') })
        return rulePage(view, services, lesson, sent, errorsOf(view, changed.problems), changed.status)
      }),
    )
}

/** The page with why publishing was refused because of it. */
export function refusedRule(
  view: View,
  services: WebServices,
  lesson: Lesson,
  { problems, status }: { problems: PackageProblem[]; status: number },
): Promise<Reply> {
  return rulePage(view, services, lesson, sentOf(lesson), errorsOf(view, problems), status)
}

const errorsOf = (view: View, problems: readonly PackageProblem[]): FieldError[] =>
  problems.map((problem) => ({
    field: FIELDS[problem.path ?? ''] ?? 'by',
    message: explainPackageProblem(view, problem),
  }))

/** Fields of the form by what a refusal names. */
const FIELDS: Readonly<Record<string, string>> = {
  completion: 'percent',
  mode: 'mode',
  attempts: 'attempts',
  passPercent: 'passPercent',
}

function sentOf({ draft: { completion, mode, anonymous } }: Lesson): Sent {
  const assessed = mode.kind === 'assessed' ? mode : null
  return {
    by: completion.by,
    percent: completion.by === 'score' ? String(completion.percent) : '80',
    mode: mode.kind,
    attempts: String(assessed?.attempts ?? 3),
    passPercent: String(assessed?.passPercent ?? 80),
    shuffle: assessed?.shuffle ?? true,
    anonymous,
  }
}

function sentBy(req: Request): Sent {
  return {
    by: textOf(req, 'by'),
    percent: textOf(req, 'percent'),
    mode: textOf(req, 'mode'),
    attempts: textOf(req, 'attempts'),
    passPercent: textOf(req, 'passPercent'),
    shuffle: textOf(req, 'shuffle') === 'yes',
    anonymous: textOf(req, 'anonymous') === 'yes',
  }
}

const numberOf = (text: string) => (/^\d{1,4}$/.test(text) ? Number(text) : Number.NaN)

function changeOf(sent: Sent): DraftChange {
  const others = ['answered', 'last-page', 'learner'] as const
  const other = others.find((by) => by === sent.by)
  const completion: Completion = other ? { by: other } : { by: 'score', percent: numberOf(sent.percent) }
  const mode: Mode =
    sent.mode === 'assessed'
      ? {
          kind: 'assessed',
          attempts: numberOf(sent.attempts),
          passPercent: numberOf(sent.passPercent),
          shuffle: sent.shuffle,
        }
      : { kind: 'practice' }
  return { completion, mode, anonymous: sent.anonymous }
}

async function rulePage(
  view: View,
  services: WebServices,
  lesson: Lesson,
  sent: Sent,
  errors: readonly FieldError[],
  status = 200,
): Promise<Reply> {
  const say = view.say(words)
  const rules = (['answered', 'score', 'last-page', 'learner'] as const).map((value) => ({
    value,
    label: say(`rule-${value}`),
    help: say(`rule-${value}-help`),
  }))
  const number = (name: 'percent' | 'attempts' | 'passPercent', label: string) =>
    field(view, {
      name,
      label,
      value: sent[name],
      inputmode: 'numeric',
      maxlength: 4,
      unmarked: true,
      error: errorOf(errors, name),
    })
  const body = html`<section class="stack">
    <h2>${say('tabRule')}</h2>
    <form class="form" method="post" action=${`${addressOf(lesson)}/rule`} novalidate>
      ${radios(view, { name: 'by', label: say('ruleField'), required: true, help: say('ruleHelp'), options: rules, value: sent.by, error: errorOf(errors, 'by') })}
      ${number('percent', say('percentField'))}
      ${modeFields(view, lesson, sent, errors, number)}
      ${checkbox(view, { name: 'anonymous', label: say('anonymousField'), help: say('anonymousHelp'), checked: sent.anonymous })}
      <div class="row">${button(view, { label: view.say(author)('save'), kind: savesFirst(lesson) ? 'primary' : 'plain' })}</div>
    </form>
  </section>`
  return show(await lessonPage(view, services, lesson, { tab: 'rule', errors, body }), status)
}

/** Practice or assessed; where the server cannot score, practice alone, and why. */
function modeFields(
  view: View,
  lesson: Lesson,
  sent: Sent,
  errors: readonly FieldError[],
  number: (name: 'attempts' | 'passPercent', label: string) => Html,
): Html {
  const say = view.say(words)
  if (!canAssess(lesson.draft.library))
    return html`<input type="hidden" name="mode" value="practice" />
      <p class="muted">${say('practiceOnly')}</p>`
  return html`${radios(view, {
    name: 'mode',
    label: say('modeField'),
    required: true,
    options: (['practice', 'assessed'] as const).map((value) => ({
      value,
      label: say(`mode-${value}`),
      help: say(`mode-${value}-help`),
    })),
    value: sent.mode,
    error: errorOf(errors, 'mode'),
  })}
  ${number('attempts', say('attemptsField'))}
  ${number('passPercent', say('passPercentField'))}
  ${checkbox(view, { name: 'shuffle', label: say('shuffleField'), checked: sent.shuffle })}`
}

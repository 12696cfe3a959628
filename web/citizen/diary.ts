import { Router } from 'express'
import { activityOf, agreed, type DiaryInput, type Did, dayOf } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import { diary } from '../i18n/messages/diary.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import { go, json, page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { explain, formPage, listPage, removePage, type Sent, sentBefore } from './diary-pages.ts'
import { chooseAgain, evidenceProblem, guardFiles, receiveForm, type SentForm } from './evidence-form.ts'
import { diaryAddress, ownEntry } from './told-place.ts'
import { toldRoutes } from './told-routes.ts'

const PAGE = 50

/** The learning diary: three things to say, and the record has one line more. */
export function diaryRoutes(services: WebServices): Router {
  /** Writes what was sent, and keeps its photo; `notKept` says in words why that was not possible. */
  async function write(view: View, form: SentForm, given: string | null) {
    const person = viewerOf(view).id
    const added = await services.diary.add(person, inputOf(sentOf(form)), given ?? undefined)
    if ('problems' in added) return added
    const kept =
      form.file && (await services.evidence.add(person, activityOf(added.id), form.file, given ?? undefined))
    // What came before and was removed since stays so.
    const isRefused = kept && 'problems' in kept && kept.status !== 410
    const why = isRefused ? evidenceProblem(view, kept.problems[0]?.id ?? '') : null
    return { entry: added, notKept: why && view.say(evidence)('notKept', { why }) }
  }

  const wordsOf =
    (view: View) =>
    (form: Pick<SentForm, 'text'>): FieldError[] =>
      explain(view, services.diary.check(inputOf(sentOf(form))))

  const guard = guardFiles()
  return Router()
    .get(
      '/me/diary',
      signedIn,
      page(async (view, req) => {
        const after = queryOf(req, 'after')
        const found = await services.diary.of(viewerOf(view).id, { limit: PAGE, ...(after && { after }) })
        return show(listPage(view, { ...found, later: after !== '' }))
      }),
    )
    .get(
      '/me/diary/new',
      signedIn,
      page((view) => show(formPage(view, { sent: blank(), errors: [], entry: null, files: [] }))),
    )
    .post(
      '/me/diary/new',
      signedIn,
      guard,
      page(async (view, req) => {
        const form = await receiveForm(services, view, req, { words: wordsOf(view) })
        const back = (status: number, errors: readonly FieldError[]) =>
          show(formPage(view, { sent: sentOf(form), errors, entry: null, files: [] }), status)
        if (form.errors.length > 0) return back(form.status, form.errors)
        const written = await write(view, form, givenOf(form))
        if ('problems' in written)
          return back(written.status, [
            ...explain(view, written.problems),
            ...(form.file ? [chooseAgain(view)] : []),
          ])
        if (written.notKept) return go(diaryAddress(written.entry.id), { message: written.notKept })
        const to = agreed(viewerOf(view)) ? '/me/transcript' : '/me/diary'
        return go(to, { message: view.say(diary)('added') })
      }),
    )
    .post(
      // What was written without a line, sent later by web/client/unsent.ts.
      '/me/diary/unsent',
      signedIn,
      guard,
      page(async (view, req) => {
        const form = await receiveForm(services, view, req, { words: wordsOf(view) })
        const given = givenOf(form)
        // Another may have signed in since it was written.
        if (!given || view.owner === null || form.text('owner') !== view.owner)
          return json({ other: true }, 403)
        const refused = (status: number, errors: readonly FieldError[]) =>
          json({ entry: given, message: errors[0]?.message ?? '' }, status)
        if (form.errors.length > 0) return refused(form.status, form.errors)
        const written = await write(view, form, given)
        // What came before and was taken back since stays so.
        if ('problems' in written && written.status !== 410)
          return refused(written.status, explain(view, written.problems))
        return json({ entry: given, kept: true })
      }),
    )
    .use(
      toldRoutes(services, guard, {
        list: '/me/diary',
        path: '/me/diary/:entry',
        heldOf: (view, req) => ownEntry(services, viewerOf(view).id, paramOf(req, 'entry')),
        change: ({ person, id }, sent: Sent) => services.diary.change(person, id, inputOf(sent)),
        remove: ({ person, id }) => services.diary.remove(person, id),
        sentOf,
        errorsOf: explain,
        changePage: (view, entry, { sent = sentBefore(entry), ...props }) =>
          formPage(view, { ...props, sent, entry }),
        removePage,
        addressOf: diaryAddress,
        say: (view, what) => view.say(diary)(what),
      }),
    )
}

const blank = (): Sent => ({ what: '', minutes: '', otherMinutes: '', did: '', day: dayOf(Date.now()) })

function sentOf({ text }: Pick<SentForm, 'text'>): Sent {
  return {
    what: text('what'),
    minutes: text('minutes'),
    otherMinutes: text('otherMinutes'),
    did: text('did'),
    day: text('day') || dayOf(Date.now()),
  }
}

/** What the browser calls an entry, where a script made it up. */
function givenOf({ text }: SentForm): string | null {
  const given = text('given')
  return /^[0-9a-f]{32}$/.test(given) ? given : null
}

function inputOf({ what, minutes, otherMinutes, did, day }: Sent): DiaryInput {
  // Who typed a number meant it, whatever is marked above.
  const typed = otherMinutes !== '' && (minutes === 'other' || minutes === '') ? otherMinutes : minutes
  return { what, minutes: Number(typed === '' ? Number.NaN : typed), did: did as Did, day }
}

import { type Request, type RequestHandler, Router } from 'express'
import type { Problem, Refusal } from '../../lrs/index.ts'
import { activityOf, type Evidence, type PersonId } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import type { Html } from '../html.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import { go, page, type Reply, show, signedIn } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { addFile, receiveForm, type SentForm } from './evidence-form.ts'

/** What differs between the kinds of things that people tell of themselves: `T`, with what its form sends, `S`. */
export interface ToldKind<T extends { id: string; person: PersonId }, S> {
  /** Of all, and of one: `/me/diary`, `/me/diary/:entry`. */
  list: string
  path: string
  /** Null for what is not the viewer's, or gone. */
  heldOf(view: View, req: Request): Promise<T | null>
  change(held: T, sent: S): Promise<T | Refusal | null>
  remove(held: T): Promise<T | null>
  sentOf(form: Pick<SentForm, 'text'>): S
  errorsOf(view: View, problems: readonly Problem[]): FieldError[]
  /** Without `sent`: as it is kept. */
  changePage(
    view: View,
    held: T,
    props: { sent?: S; errors: readonly FieldError[]; files: readonly Evidence[] },
  ): Html
  removePage(view: View, held: T, files: number): Html
  addressOf(id: string): string
  say(view: View, what: 'changed' | 'removed'): string
}

/** The pages of one of them: to change it, to add a photo to it, to take it away. `guard` counts forms with files. */
export function toldRoutes<T extends { id: string; person: PersonId }, S>(
  services: WebServices,
  guard: readonly RequestHandler[],
  kind: ToldKind<T, S>,
): Router {
  const { path, heldOf } = kind
  const filesOf = ({ person, id }: T) => services.evidence.of(person, activityOf(id))
  const ofHeld = (answer: (view: View, held: T, req: Request) => Promise<Reply>) =>
    page(async (view, req) => {
      const held = await heldOf(view, req)
      return held ? answer(view, held, req) : show(notFoundPage(view), 404)
    })
  const changePage = async (
    view: View,
    held: T,
    { errors = [], ...props }: { sent?: S; errors?: readonly FieldError[] } = {},
  ) => kind.changePage(view, held, { ...props, errors, files: await filesOf(held) })

  return Router()
    .get(
      path,
      signedIn,
      ofHeld(async (view, held) => show(await changePage(view, held))),
    )
    .post(
      path,
      signedIn,
      page(async (view, req) => {
        const sent = kind.sentOf(await receiveForm(services, view, req, { wordsOnly: true }))
        const held = await heldOf(view, req)
        const changed = held && (await kind.change(held, sent))
        if (!changed) return show(notFoundPage(view), 404)
        if ('problems' in changed) {
          const errors = kind.errorsOf(view, changed.problems)
          return show(await changePage(view, held, { sent, errors }), changed.status)
        }
        return go(kind.list, { message: kind.say(view, 'changed') })
      }),
    )
    .post(
      `${path}/evidence`,
      signedIn,
      ...guard,
      ofHeld(async (view, held, req) => {
        const added = await addFile(services, view, req, held, () => heldOf(view, req))
        if (added === null) return show(notFoundPage(view), 404)
        if ('errors' in added)
          return show(await changePage(view, held, { errors: added.errors }), added.status)
        return go(kind.addressOf(held.id), { message: view.say(evidence)('added') })
      }),
    )
    .get(
      `${path}/remove`,
      signedIn,
      ofHeld(async (view, held) => show(kind.removePage(view, held, (await filesOf(held)).length))),
    )
    .post(
      `${path}/remove`,
      signedIn,
      ofHeld(async (view, held) =>
        (await kind.remove(held))
          ? go(kind.list, { message: kind.say(view, 'removed') })
          : show(notFoundPage(view), 404),
      ),
    )
}

import { button, buttonLink } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { security } from '../i18n/messages/security.ts'
import { publicPage } from '../layout.ts'
import type { Provider } from '../provider.ts'
import type { View } from '../view.ts'

type Named = Pick<Provider, 'id' | 'name'>

/** Before the browser leaves for the provider: where to, and at whose device. */
export function leavePage(view: View, { id, name }: Named, next: string): Html {
  const say = view.say(security)
  const to = (device: string) => `/sign-in/with/${id}?device=${device}&next=${encodeURIComponent(next)}`
  const title = say('providerSignIn', { name })
  return publicPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, {
        title,
        lead: say('providerLeave', { name }),
        back: { href: '/sign-in', label: view.say(account)('signInTitle') },
      })}
      <div class="row">
        ${buttonLink(view, { label: say('providerOwn'), href: to('own'), kind: 'primary' })}
        ${buttonLink(view, { label: say('providerShared'), href: to('shared') })}
      </div>
      <p class="muted">${view.say(account)('sharedHelp')}</p>
    </div>`,
  })
}

/** Back from the provider, and known to nobody here. */
export function newcomerPage(
  view: View,
  { id, name }: Named,
  props: { name: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(security)
  return publicPage(view, {
    title: say('newcomerTitle', { name }),
    body: html`<div class="stack">
      ${heading(view, { title: say('newcomerTitle', { name }), lead: say('newcomerLead', { name }) })}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action=${`/sign-in/with/${id}/new`} novalidate>
        ${field(view, {
          name: 'name',
          label: view.say(account)('name'),
          help: view.say(account)('nameHelp'),
          value: props.name,
          error: errorOf(props.errors, 'name'),
          required: true,
          autocomplete: 'name',
          maxlength: 120,
        })}
        <div class="row">${button(view, { label: view.say(account)('registerDo'), kind: 'primary' })}</div>
      </form>
      <p>${say('newcomerHave', { name })} ${link({ href: '/sign-in?next=%2Fme%2Fsign-in-with', label: view.say(account)('signInLink') })}</p>
    </div>`,
  })
}

/** Signed in here and back from the provider: shall it sign in to this record from now on? */
export function tiePage(view: View, { id, name }: Named, theirs: string | null): Html {
  const say = view.say(security)
  const title = say('tieTitle', { name })
  return publicPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: '/me/sign-in-with', label: say('providersTitle') } })}
      <p>${say(theirs ? 'tieNamed' : 'tieUnnamed', { name, theirs: theirs ?? '', own: view.viewer?.name ?? '' })}</p>
      <form method="post" action=${`/sign-in/with/${id}/new`}>
        ${button(view, { label: say('tieDo'), kind: 'primary' })}
      </form>
    </div>`,
  })
}

/** What went wrong there, and that everything here is as it was. */
export function failedProviderPage(
  view: View,
  { id, name }: Named,
  why: 'unreachable' | 'declined' | 'refused' | 'taken',
): Html {
  const say = view.say(security)
  return publicPage(view, {
    title: say(`providerTitle-${why}`, { name }),
    body: html`<div class="stack">
      <h1>${say(`providerTitle-${why}`, { name })}</h1>
      <p>${say(`providerBody-${why}`, { name })}</p>
      <div class="row">
        ${buttonLink(view, { label: say('providerAgain'), href: `/sign-in/with/${id}`, kind: 'primary' })}
        ${buttonLink(view, { label: say('providerOther'), href: view.viewer ? '/me' : '/sign-in' })}
      </div>
    </div>`,
  })
}

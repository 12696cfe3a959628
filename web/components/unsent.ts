import { type Html, html } from '../html.ts'
import { diary } from '../i18n/messages/diary.ts'
import type { View } from '../view.ts'
import { button, buttonLink } from './button.ts'
import { icon } from './icon.ts'

/**
 * What was written or answered without a line and waits on this device; filled and shown by web/client/unsent.ts, which
 * finds results of lessons by the module at `results` (h5p/player/client/queue.ts).
 */
export function unsentPanel(view: View, results?: string): Html {
  const say = view.say(diary)
  return html`<section class="notice warning" data-unsent hidden tabindex="-1" aria-label=${say('unsent')}
    data-title=${say('unsentTitle', { count: '{count}' })} data-why=${say('unsentWhy')}
    data-sign-in=${say('unsentSignIn')} data-sent=${say('unsentSent', { count: '{count}' })}
    data-kept=${say('unsentKept')} data-full=${say('unsentFull')} data-photo=${say('unsentPhoto')}
    data-away=${say('unsentDrop')} data-fix=${say('unsentFix')} data-results=${results}
    data-title-results=${say('unsentResults', { count: '{count}' })} data-result=${say('unsentResult', { count: '{count}' })}
    data-sent-results=${say('unsentResultsSent', { count: '{count}' })} data-lost=${say('unsentLost', { count: '{count}' })}>
    ${icon(view, 'offline')}
    <div class="stack tight">
      <div role="status"><p><strong data-unsent-title></strong></p><p data-unsent-note></p></div>
      <ul class="stack tight wide" data-unsent-list></ul>
      <div class="row" data-unsent-acts>
        ${button(view, { label: say('unsentSend'), type: 'button', icon: 'upload' })}
        ${view.path !== '/me/diary' && buttonLink(view, { label: say('unsentList'), href: '/me/diary' })}
      </div>
    </div>
  </section>`
}

/** Asks before signing out what is to become of it; opened by web/client/unsent.ts, which knows whether there is any. */
export function unsentAtSignOut(view: View, results: string): Html {
  if (!view.owner) return null
  const say = view.say(diary)
  const choice = (value: string, label: string, kind?: 'primary' | 'danger') =>
    button(view, { label, type: 'button', value, ...(kind && { kind }) })
  return html`<dialog id="unsent-sign-out" aria-labelledby="unsent-sign-out-title" data-results=${results}>
    <div class="stack">
      <h2 class="lead" id="unsent-sign-out-title">${say('signOutTitle')}</h2>
      <p data-entries=${say('signOutEntries', { count: '{count}' })} data-answers=${say('signOutResults', { count: '{count}' })}></p>
      <p>${say('signOutBody')}</p>
      <p class="error" role="alert" data-failed=${say('signOutFailed')} hidden></p>
      <div class="row">
        ${choice('send', say('signOutSend'), 'primary')}
        ${choice('keep', say('signOutKeep'))}
        ${choice('drop', say('signOutDrop'), 'danger')}
        <form method="dialog">${button(view, { label: say('signOutStay') })}</form>
      </div>
    </div>
  </dialog>`
}

import { Router } from 'express'
import type { Source } from '../../lrs/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { copyField } from '../components/copy-field.ts'
import { details } from '../components/details.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { operatorPage } from '../operator/frame.ts'
import { go, show, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { sourceAddress, sourceOf } from './source-of.ts'

/** What a source's page tells of the activity as an answer to which learners type their codes. */
export interface ClaimActivity {
  activity: string | null
  figures: { right: number; wrong: number }
}

export async function readClaimActivity(services: WebServices, source: Source): Promise<ClaimActivity> {
  const [activity, figures] = await Promise.all([
    services.claims.activityOf(source.id),
    services.claims.figures(source.id),
  ])
  return { activity, figures }
}

const addressOf = (source: Source) => `${sourceAddress(source)}/claim-activity`

export function claimActivityRoutes(services: WebServices): Router {
  const own = sourceOf(services)
  return Router()
    .get(
      '/sources/:id/claim-activity',
      own(async (view, source) =>
        show(formPage(view, source, (await services.claims.activityOf(source.id)) ?? '', [])),
      ),
    )
    .post(
      '/sources/:id/claim-activity',
      own(async (view, source, req) => {
        const sent = textOf(req, 'activity')
        const done = await services.claims.register(source.id, sent || null, viewerOf(view).id)
        if (done !== null && typeof done === 'object') {
          const errors = [{ field: 'activity', message: view.say(links)('claimActivityBad') }]
          return show(formPage(view, source, sent, errors), done.status)
        }
        return go(sourceAddress(source), { message: view.say(links)('claimActivitySaved') })
      }),
    )
}

export function claimActivitySection(view: View, source: Source, { activity, figures }: ClaimActivity): Html {
  const say = view.say(links)
  return html`<section class="stack" aria-labelledby="claim-activity-title">
    <h2 id="claim-activity-title">${say('claimActivityTitle')}</h2>
    <p class="muted">${say('claimActivityLead')}</p>
    ${
      activity === null
        ? html`<p>${say('claimActivityNone')}</p>`
        : html`<div class="form wide">
            ${copyField(view, { id: 'claim-activity', label: say('claimActivityIri'), value: activity })}
          </div>
          <p class="small">${say('claimActivityFigures', figures)}</p>`
    }
    <div class="row">
      ${buttonLink(view, {
        label: say(activity === null ? 'claimActivitySet' : 'claimActivityChange'),
        href: addressOf(source),
        icon: 'edit',
      })}
    </div>
  </section>`
}

function formPage(view: View, source: Source, sent: string, errors: readonly FieldError[]): Html {
  const say = view.say(links)
  return operatorPage(view, {
    title: say('claimActivityTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('claimActivityTitle'),
        lead: say('claimActivityLead'),
        back: { href: sourceAddress(source), label: source.name },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${addressOf(source)} novalidate>
        ${field(view, {
          name: 'activity',
          label: say('claimActivityIri'),
          help: say('claimActivityHelp'),
          value: sent,
          inputmode: 'url',
          autocomplete: 'off',
          maxlength: 2000,
          error: errorOf(errors, 'activity'),
        })}
        <div class="row">${button(view, { label: say('claimActivitySave'), kind: 'primary' })}</div>
      </form>
      ${details({
        summary: say('moodleTitle'),
        open: true,
        body: html`<ol>${([1, 2, 3, 4] as const).map((step) => html`<li>${say(`moodle${step}`)}</li>`)}</ol>`,
      })}
    </div>`,
  })
}

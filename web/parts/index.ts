import { Router } from 'express'
import { heading } from '../components/heading.ts'
import { html } from '../html.ts'
import { citizenPage } from '../layout.ts'
import { page, show } from '../page.ts'
import { actParts } from './acts.ts'
import { fieldParts } from './fields.ts'
import { listParts } from './lists.ts'
import { recordParts } from './records.ts'
import { wordParts } from './words.ts'

/** Every part in every state, for who builds pages. Development only; its words are no product text. */
export function partsArea(): Router {
  return Router().get(
    '/',
    page((view) =>
      show(
        citizenPage(view, {
          title: 'Parts',
          scripts: ['copy', 'upload'],
          body: html`<div class="stack loose">
            ${heading(view, { title: 'Parts', lead: 'Every part in every state.' })}
            ${actParts(view)} ${wordParts(view)} ${fieldParts(view)} ${listParts(view)} ${recordParts(view)}
          </div>`,
        }),
      ),
    ),
  )
}

import { copyField } from '../components/copy-field.ts'
import { code, details } from '../components/details.ts'
import { type Html, html } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import type { View } from '../view.ts'

/** Where to send, and what each LMS wants pasted where. With a fresh credential, the lines are ready to paste. */
export function endpointSection(view: View, fresh?: { key: string; secret: string }): Html {
  const say = view.say(lms)
  const root = view.publicUrl
  const key = fresh?.key ?? say('sakaiKey')
  const secret = fresh?.secret ?? say('sakaiSecret')
  const guide = (name: string, lines: readonly string[], more?: Html) =>
    details({
      summary: name,
      body: html`<div class="stack"><ol>${lines.map((line) => html`<li>${line}</li>`)}</ol>${more}</div>`,
    })
  return html`<section class="stack" aria-labelledby="endpoint-title">
    <h2 id="endpoint-title">${say('endpointTitle')}</h2>
    <p class="muted">${say('endpointLead')}</p>
    <div class="form wide">
      ${copyField(view, { id: 'endpoint', label: say('endpoint'), value: `${root}/xapi`, help: say('endpointHelp') })}
    </div>
    <div class="guides">
      ${guide(say('moodle'), [say('moodle1'), say('moodle2'), say('moodle3')])}
      ${guide(
        say('openedx'),
        [say('openedx1'), say('openedx2')],
        copyField(view, { id: 'endpoint-openedx', label: 'Route URL', value: `${root}/xapi/` }),
      )}
      ${guide(
        say('sakai'),
        [say('sakai1'), say('sakai2')],
        code({
          label: say('sakaiLines'),
          text: `lrs.tincanapi.url=${root}/xapi/statements\nlrs.tincanapi.basicAuthUserPass=${key}:${secret}`,
        }),
      )}
      ${guide(
        say('ilias'),
        [say('ilias1'), say('ilias2')],
        copyField(view, { id: 'endpoint-ilias', label: 'LRS Endpoint', value: `${root}/data/xAPI` }),
      )}
      ${guide(say('other'), [say('other1'), say('bearer', { example: `Authorization: Bearer ${say('sakaiKey')}.${say('sakaiSecret')}` })])}
    </div>
  </section>`
}

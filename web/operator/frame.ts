import type { Html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { workerPage } from '../layout.ts'
import type { View } from '../view.ts'

/** The operator's frame: side list and content. */
export function operatorPage(
  view: View,
  props: { title: string; body: Html; scripts?: readonly string[] },
): Html {
  const say = view.say(operator)
  return workerPage(view, {
    ...props,
    name: say('places'),
    places: [
      { href: '/operator', label: say('placeHome'), icon: 'today' },
      { href: '/lms', label: say('placeSources'), icon: 'source' },
      { href: '/operator/statements', label: say('placeStatements'), icon: 'statement' },
      { href: '/operator/consumers', label: say('placeConsumers'), icon: 'consumer' },
      { href: '/operator/people', label: say('placePeople'), icon: 'people' },
      { href: '/operator/organisations', label: say('placeOrganisations'), icon: 'organisation' },
      { href: '/operator/mapping', label: say('placeMapping'), icon: 'mapping' },
      { href: '/operator/libraries', label: say('placeLibraries'), icon: 'library' },
      { href: '/operator/audit', label: say('placeAudit'), icon: 'record' },
      { href: '/author', label: say('placeLessons'), icon: 'learn' },
    ],
  })
}

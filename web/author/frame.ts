import type { Html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { workerPage } from '../layout.ts'
import type { View } from '../view.ts'

/** The author's frame: side list and content. */
export function authorPage(
  view: View,
  props: { title: string; body: Html; scripts?: readonly string[] },
): Html {
  const say = view.say(author)
  return workerPage(view, {
    ...props,
    name: say('places'),
    places: [
      { href: '/author', label: say('placeLessons'), icon: 'learn' },
      { href: '/author/upload', label: say('placeUpload'), icon: 'upload' },
    ],
  })
}

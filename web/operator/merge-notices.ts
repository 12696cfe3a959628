import type { Merge, Person } from '../../profiles/index.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import type { View } from '../view.ts'
import { personAddress } from './people.ts'

/** What a person's page tells of merges that hold. */
export function mergeNotices(
  view: View,
  props: { person: Person; merges: readonly Merge[]; nameOf(person: string): string },
): Html {
  const say = view.say(links)
  const open = props.merges.filter((each) => !each.undone)
  const words = (merge: Merge) => ({ date: view.format.date(merge.at), reason: merge.reason })
  return open.map((merge) => {
    const away = merge.from === props.person.id
    const other = away ? merge.into : merge.from
    const undo = `${personAddress({ id: merge.from })}/merge/undo`
    const told = away
      ? say('mergedInto', { ...words(merge), into: props.nameOf(other) })
      : say('mergedFrom', { ...words(merge), name: props.nameOf(other) })
    return notice(view, {
      tone: away ? 'warning' : 'info',
      body: html`<p>${told}</p>
        <p>${link({ href: personAddress({ id: other }), label: props.nameOf(other) })} · ${link({ href: undo, label: say('mergeUndo') })}</p>`,
    })
  })
}

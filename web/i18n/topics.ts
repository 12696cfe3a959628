import type { Option } from '../components/choice.ts'
import type { View } from '../view.ts'

/** The topic's name; null for one that is not on the operator's list (any more). */
export function topicName(view: View, id: string): string | null {
  return view.topics.find((topic) => topic.id === id)?.[view.language] ?? null
}

/** The names of these topics, in one line. */
export function topicNames(view: View, ids: readonly string[]): string {
  return ids.flatMap((id) => topicName(view, id) ?? []).join(', ')
}

/** Topics to choose from. */
export function topicOptions(view: View): Option[] {
  return view.topics.map((topic) => ({ value: topic.id, label: topic[view.language] }))
}

import type { H, Kind, MappingTopic } from '../../profiles/index.ts'
import type { View } from '../view.ts'
import { record } from './messages/record.ts'

/** The four H by their shapes, which go with their colours. */
export const H_SHAPE: Readonly<Record<H, string>> = { hoc: '●', hoi: '◆', hieu: '▲', hanh: '■' }

export const kindWord = (view: View, kind: Kind | null) =>
  view.say(record)(kind === null ? 'unclassified' : `kind-${kind}`)
export const hWord = (view: View, h: H | null) => view.say(record)(h === null ? 'unclassified' : `h-${h}`)

/** The topic's name in the reader's language; what no table knows any more is as good as none. */
export function topicWord(view: View, topics: readonly MappingTopic[], id: string | null): string {
  return topics.find((topic) => topic.id === id)?.[view.language] ?? view.say(record)('unclassified')
}

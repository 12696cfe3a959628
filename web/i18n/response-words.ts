import type { View } from '../view.ts'
import { record } from './messages/record.ts'
import { named } from './named.ts'

type LanguageMap = Readonly<Record<string, string>>
type Components = readonly { id: string; description?: LanguageMap }[]

/** An interaction as statements define it: what a response's ids stand for. */
export interface Interaction {
  interactionType?: string
  choices?: Components
  scale?: Components
  source?: Components
  target?: Components
  steps?: Components
}

/** A response as its learner saw it; xAPI writes the ids of what was chosen (1.0.3 Data 2.4.5.3). */
export function responseWords(view: View, definition: Interaction, response: string): string {
  const { interactionType, choices, scale, source, target, steps } = definition
  const words = (all: Components | undefined, id: string) =>
    named(all?.find((each) => each.id === id)?.description ?? {}, view.language) ?? id
  const pair = (left: Components | undefined, right: Components | undefined, text: string) => {
    const [one = '', other = ''] = text.split('[.]')
    return `${words(left, one)} → ${words(right, other)}`
  }
  // So a yes or no is written, also where a statement leaves out what it answers.
  if (interactionType === undefined || interactionType === 'true-false') {
    if (response === 'true') return view.say(record)('answerTrue')
    if (response === 'false') return view.say(record)('answerFalse')
  }
  const parts = response.split('[,]')
  switch (interactionType) {
    case 'choice':
      return parts.map((id) => words(choices, id)).join('; ')
    case 'sequencing':
      return parts.map((id) => words(choices, id)).join(' → ')
    case 'likert':
      return words(scale, response)
    case 'matching':
      return parts.map((part) => pair(source, target, part)).join('; ')
    case 'performance':
      return parts.map((part) => pair(steps, undefined, part)).join('; ')
    case 'fill-in':
    case 'long-fill-in':
      return parts.join('; ')
    default:
      return response
  }
}

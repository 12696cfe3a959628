import { TOPICS } from '../../h5p/index.ts'
import type { Option } from '../components/choice.ts'
import type { Language } from './messages.ts'

/** The topic's name; null for an IRI that is not ours. */
export function topicName(iri: string, language: Language): string | null {
  return TOPICS.find((topic) => topic.iri === iri)?.[language] ?? null
}

/** Topics to choose from. */
export function topicOptions(language: Language): Option[] {
  return TOPICS.filter((topic) => !topic.retired).map((topic) => ({
    value: topic.iri,
    label: topic[language],
  }))
}

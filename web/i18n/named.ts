import type { Language } from './messages.ts'

/** The text of a language map that fits the reader best: own language, then Vietnamese, then English, then any. */
export function named(map: Readonly<Record<string, string>>, language: Language): string | null {
  const tags = Object.keys(map)
  for (const wanted of [language, 'vi', 'en']) {
    const tag = tags.find((candidate) => candidate.toLowerCase().split('-')[0] === wanted)
    if (tag && map[tag]?.trim()) return map[tag]
  }
  return tags.map((tag) => map[tag]).find((text) => text?.trim()) ?? null
}

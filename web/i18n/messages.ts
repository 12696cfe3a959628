import { IntlMessageFormat } from 'intl-messageformat'
import { type Html, html } from '../html.ts'

export type Language = 'vi' | 'en'
export const LANGUAGES = ['vi', 'en'] as const satisfies readonly Language[]

/** The texts of one area, in ICU message syntax, side by side. The same keys in both languages. */
export interface Messages<Key extends string = string> {
  vi: Readonly<Record<Key, string>>
  en: Readonly<Record<Key, string>>
}
export type Values = Readonly<Record<string, string | number | Date>>
/** Says a message of one area in the reader's language. */
export type Say<Key extends string = string> = (key: Key, values?: Values) => string

/** Declares the texts of an area; the compiler asks for every key in both languages. */
export function defineMessages<Key extends string>(messages: {
  vi: Record<Key, string>
  en: Record<NoInfer<Key>, string>
}): Messages<Key> {
  return messages
}

const compiled = new Map<string, IntlMessageFormat>()

function format(language: Language, text: string): IntlMessageFormat {
  const id = language + text
  let found = compiled.get(id)
  if (!found) {
    found = new IntlMessageFormat(text, language === 'vi' ? 'vi-VN' : 'en-GB', undefined, { ignoreTag: true })
    compiled.set(id, found)
  }
  return found
}

/** `const say = speak('vi', home); say('greeting', { name })`. */
export function speak<Key extends string>(language: Language, messages: Messages<Key>): Say<Key> {
  return (key, values) => {
    const text = messages[language][key]
    if (!text.includes('{') && !text.includes("'")) return text
    return String(format(language, text).format(values as Record<string, string>))
  }
}

/** A message with parts of markup in it: each value may be HTML. */
export function speakWith<Key extends string>(
  language: Language,
  messages: Messages<Key>,
  key: Key,
  values: Readonly<Record<string, Html>>,
): Html {
  const parts = format(language, messages[language][key]).formatToParts(values as Record<string, string>)
  return html`${parts.map((part) => part.value as Html)}`
}

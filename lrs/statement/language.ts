/** One language out of a language map (1.0.3 Communication 2.1.3, "Language Filtering Requirements"). */
import { match } from '@formatjs/intl-localematcher'
import Negotiator from 'negotiator'

/** The languages of an Accept-Language header, best first; `*` says nothing about a language map. */
export function wantedLanguages(acceptLanguage: string | undefined): string[] {
  if (!acceptLanguage) return []
  return new Negotiator({ headers: { 'accept-language': acceptLanguage } })
    .languages()
    .filter((language) => language !== '*' && isKnownTag(language))
    .slice(0, 20)
}

/** Which of the tags of a map serves these languages best; the first when none does. Tags must not be empty. */
export function chooseLanguage(available: readonly string[], wanted: readonly string[]): string {
  const [first = ''] = available
  if (available.length < 2 || wanted.length === 0) return first
  // A range matches the tag it equals, then one that begins with it (RFC 2616, 14.4); the first wanted comes first.
  for (const language of wanted.map((range) => range.toLowerCase())) {
    const same = available.find((tag) => tag.toLowerCase() === language)
    const narrower = available.find((tag) => tag.toLowerCase().startsWith(`${language}-`))
    const found = same ?? narrower
    if (found) return found
  }
  // RFC 5646 allows tags that Intl does not know (i-klingon, x-local); they are found by their own name only.
  const comparable = available.slice(0, 100).filter(isKnownTag)
  return comparable.length === 0 ? first : match(wanted, comparable, first)
}

function isKnownTag(tag: string): boolean {
  try {
    Intl.getCanonicalLocales(tag)
    return true
  } catch {
    return false
  }
}

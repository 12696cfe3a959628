import { match } from '@formatjs/intl-localematcher'
import type { Request } from 'express'
import Negotiator from 'negotiator'
import { LANGUAGES, type Language } from './messages.ts'

export const LANGUAGE_COOKIE = 'language'

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language)
}

/** The reader's language: as chosen by link, then by cookie, then the account's, then the browser's; else Vietnamese. */
export function languageOf(
  chosen: unknown,
  cookie: unknown,
  account: Language | undefined,
  headers: Request['headers'],
): Language {
  for (const wish of [chosen, cookie, account]) if (isLanguage(wish)) return wish
  const wishes = new Negotiator({ headers }).languages().filter((tag) => tag !== '*' && isTag(tag))
  return wishes.length > 0 ? (match(wishes, LANGUAGES, 'vi') as Language) : 'vi'
}

/** The matcher throws on what is no language tag, and a header may hold anything. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

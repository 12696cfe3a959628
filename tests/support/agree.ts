import type { Page } from 'playwright-core'
import { CONSENT_WORDS, newestWords } from '../../profiles/index.ts'

/** What the form of registration sends besides, of somebody who agrees to a record. */
export const AGREEING = {
  'learning-record': 'yes',
  'learning-record-words': String(newestWords(CONSENT_WORDS, 'learning-record').version),
}

/** Agrees to a record where the form asks; those of set-up and of other bodies' sign-in do not. */
export async function agreeIfAsked(page: Page): Promise<void> {
  const yes = page.locator('[name=learning-record][value=yes]')
  if ((await yes.count()) > 0) await yes.check()
}

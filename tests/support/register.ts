import type { Page } from 'playwright-core'
import { agreeIfAsked } from './agree.ts'

/** Of everybody whom `register` registers. */
const PASSWORD = 'cây tre trăm đốt 1954'

/** Fills in the form of registration, or of set-up, that is open, and agrees to a record where it asks. */
export async function register(page: Page, name: string, identifier: string): Promise<void> {
  await page.fill('[name=name]', name)
  await page.fill('[name=identifier]', identifier)
  await page.fill('[name=password]', PASSWORD)
  await agreeIfAsked(page)
  await page.click('main form button[type=submit]')
  await page.waitForURL((url) => !/\/(register|setup)/.test(url.pathname))
}

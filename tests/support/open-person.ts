import type { Page } from 'playwright-core'

/** Opens the page of a person in the operator's list, and says why. */
export async function openPerson(operator: Page, name: string): Promise<void> {
  await operator.click(`main a:has-text("${name}")`)
  await operator.waitForURL(/\/operator\/people\/[^/]+$/)
  await operator.selectOption('[name=purpose]', 'account')
  await Promise.all([operator.waitForNavigation(), operator.click('main form.form button.primary')])
}

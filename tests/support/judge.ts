import type { Page } from 'playwright-core'
import { readByAxe } from './axe.ts'

/** Everything that is wrong with a page as it stands: what axe finds, what overflows, what is too small for a thumb. */
export async function judge(page: Page): Promise<unknown[]> {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  )
  return [
    ...(await readByAxe(page)),
    ...(wide ? ['wider than the window'] : []),
    ...(await smallTargets(page)),
  ]
}

/** Buttons, fields and navigation lower than 44 px; a card's or row's link covers all of it. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        '.button, .input, .places a, .target, .crumb, .tabs a, summary, .option label, input[type=file]',
      ),
    ]
      .filter((element) => element.offsetParent !== null && element.getBoundingClientRect().height < 43.5)
      .map((element) => `lower than 44 px: ${element.outerHTML.slice(0, 120)}`),
  )
}

import axe from 'axe-core'
import type { Page } from 'playwright-core'

export interface Finding {
  rule: string
  help: string
  where: string[]
}

/**
 * What axe finds on the page as it stands: WCAG 2.2 A and AA and its best practices. It is evaluated, not added as a
 * script, so the page's own policy stays in force.
 */
export async function readByAxe(page: Page): Promise<Finding[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // What is right need not be told of, node by node.
      resultTypes: ['violations'],
    })
    return violations.map(({ id, help, nodes }) => ({
      rule: id,
      help,
      where: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 160)}`),
    }))
  })
}

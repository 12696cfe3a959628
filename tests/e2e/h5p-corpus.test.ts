import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PackageProblem } from '../../h5p/index.ts'
import { h5p } from '../../web/i18n/messages/h5p.ts'
import { type Language, speak } from '../../web/i18n/messages.ts'
import { openBrowser } from '../support/browser.ts'
import { type HostWorld, openHostWorld, taken } from '../support/host-world.ts'

const corpus = process.env.CORPUS_DIR
const packages = (kind: string) =>
  corpus
    ? readdirSync(join(corpus, 'h5p', kind))
        .filter((name) => name.endsWith('.h5p'))
        .map((name) => join(corpus, 'h5p', kind, name))
    : []
if (!corpus) console.info('h5p: packages of community types are not checked; set CORPUS_DIR to check them')

/** The problem as its author reads it. */
function explain(language: Language, { id, values = {} }: PackageProblem): string {
  expect(Object.keys(h5p[language])).toContain(id)
  return speak(language, h5p)(id as keyof typeof h5p.vi, values)
}

describe.runIf(corpus)('packages of community types (CORPUS_DIR)', () => {
  let world: HostWorld
  let browser: Browser
  beforeAll(async () => {
    world = await openHostWorld()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  test('each bad one is refused with a reason of its own, on an empty store, which stays empty', async () => {
    const reasons = new Map<string, string>()
    for (const file of packages('invalid')) {
      const outcome = await world.upload(file)
      if (!('ok' in outcome)) throw new Error(`${file} was taken`)
      const words = outcome.problems
        .map((each) => `${explain('vi', each)} / ${explain('en', each)}`)
        .join(' | ')
      expect(reasons.get(words), `${basename(file)}: ${words}`).toBeUndefined()
      reasons.set(words, basename(file))
    }
    expect(reasons.size).toBe(13)
    expect((await world.host.lessons.by('an', { limit: 10 })).lessons).toEqual([])
    expect(await world.store.collections.count({ name: 'h5p-libraries', indexes: {} })).toBe(0)
  })

  test.each(packages('valid').map((file) => [basename(file), file]))(
    '%s installs and plays',
    async (_name, file) => {
      const lesson = await world.publish(file)
      // Its libraries are there now: an author may bring the same package.
      taken(await world.upload(file, { install: false, person: 'binh' }))
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => {
        // Films of other hosts are not to be had on a machine without a network.
        if (message.type() === 'error' && message.location().url.startsWith(world.url))
          errors.push(message.text())
      })
      page.on('response', (response) => {
        if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`)
      })
      await page.goto(`${world.url}/play/${lesson.id}/lan`)
      const content = page.frameLocator('iframe').locator('.h5p-content.h5p-initialized')
      await content.waitFor()
      await page.waitForTimeout(1500)
      expect(errors).toEqual([])
      const seen = await content.evaluate((node) => ({
        text: (node.textContent ?? '').trim().length,
        pictures: node.querySelectorAll('img, video, canvas').length,
      }))
      expect(seen.text + seen.pictures).toBeGreaterThan(0)
      expect((await page.locator('iframe').boundingBox())!.height).toBeGreaterThan(100)
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: join(process.env.SCREENSHOTS, `${basename(file)}.png`) })
      await context.close()
    },
    90_000,
  )

  test.each([
    ['H5P.TrueFalse-1.8', '.h5p-true-false-answer', 'Check'],
    ['H5P.MultiChoice-1.16', '.h5p-answer', 'Check'],
  ])(
    '%s: answered, it is recorded and finished',
    async (name, answer, check) => {
      const lesson = await world.publish(join(corpus!, 'h5p', 'valid', `${name}.h5p`))
      const page = await browser.newPage()
      await page.goto(`${world.url}/play/${lesson.id}/${name}`)
      const content = page.frameLocator('iframe')
      await content.locator(answer).first().click()
      await content.getByRole('button', { name: check }).click()
      await page.waitForFunction(() =>
        (globalThis as unknown as { told: { type: string }[] }).told.some(
          (each) => each.type === 'h5p:finished',
        ),
      )
      const verbs = (await world.statements())
        .filter((each) => (each.actor as { account: { name: string } }).account.name === name)
        .map((each) => (each.verb as { id: string }).id.split('/').at(-1))
      expect(verbs[0]).toBe('attempted')
      expect(verbs.at(-1)).toBe('answered')
      await page.close()
    },
    60_000,
  )
})

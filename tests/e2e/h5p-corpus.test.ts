import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
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

const kindOf = (file: string) => /^H5P\.(\w+)-/.exec(file)![1]!
/** Their template engine compiles templates when it runs (docs/adr/0038-an-origin-for-the-player.md). */
const EVALUATES = new Set(['InteractiveVideo', 'QuestionSet'])
/** Have no place to go on from; a film of another host has none while it does not play. */
const STATELESS = new Set(['Accordion', 'Agamotto', 'InteractiveVideo'])

/** Something that changes where the learner is. */
const DO: Record<string, (content: Locator) => Promise<void>> = {
  Blanks: (content) => content.locator('.h5p-text-input').first().fill('abc'),
  Dialogcards: (content) => content.locator('.h5p-dialogcards-next').first().click(),
  Essay: (content) => content.locator('textarea').first().fill('Bài viết của tôi'),
  MultiChoice: (content) => content.locator('.h5p-answer').first().click(),
  SingleChoiceSet: (content) => content.locator('.h5p-sc-alternative').first().click(),
  Summary: (content) => content.locator('.summary-claim-unclicked').first().click(),
  TrueFalse: (content) => content.locator('.h5p-true-false-answer').first().click(),
}

interface Instance {
  contentId: string
  getCurrentState?(): unknown
}
interface Core {
  instances: Instance[]
  setUserData(content: string, type: string, data: unknown, options: object): void
}

/** In the frame: keeps where the learner is as the core does every ten seconds; null where the type has no such place. */
function leave(): string | null {
  const { H5P } = window as unknown as { H5P: Core }
  const [instance] = H5P.instances
  const state = instance?.getCurrentState?.()
  if (state === undefined || state === null) return null
  H5P.setUserData(instance!.contentId, 'state', state, { deleteOnChange: true })
  return JSON.stringify(state)
}

/** In the frame: where the learner is, as the type found it. */
function found(): unknown {
  const { contents } = (
    window as unknown as {
      H5PIntegration: { contents: Record<string, { contentUserData: Record<string, { state: string }> }> }
    }
  ).H5PIntegration
  return JSON.parse(Object.values(contents)[0]!.contentUserData['0']!.state)
}

const saved = (page: Page) =>
  page.waitForResponse((response) => response.url().endsWith('/events') && response.ok())

describe.runIf(corpus)('packages of community types (CORPUS_DIR)', () => {
  let world: HostWorld
  let browser: Browser
  let withoutOrigin: string
  beforeAll(async () => {
    world = await openHostWorld({}, { ownOrigin: true })
    withoutOrigin = await world.otherwise()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  test('each bad one is refused with a reason of its own, on an empty store, which stays empty', async () => {
    const reasons = new Map<string, string>()
    for (const file of packages('invalid')) {
      for (const install of [true, false]) {
        const outcome = await world.upload(file, { install })
        if (!('ok' in outcome)) throw new Error(`${file} was taken`)
        for (const each of outcome.problems) for (const of of ['vi', 'en'] as const) explain(of, each)
        const ids = [...new Set(outcome.problems.map((each) => each.id))].join(' ')
        if (!install) expect(reasons.get(ids)).toBe(basename(file))
        else expect(reasons.get(ids), `${basename(file)}: ${ids}`).toBeUndefined()
        reasons.set(ids, basename(file))
      }
    }
    expect(reasons.size).toBe(13)
    expect((await world.host.lessons.by('an', { limit: 10 })).lessons).toEqual([])
    for (const name of ['h5p-libraries', 'h5p-library-builds', 'h5p-library-requests', 'h5p-contents'])
      expect(await world.store.collections.count({ name, indexes: {} }), name).toBe(0)
  })

  test.each(packages('valid').map((file) => [basename(file), file]))(
    '%s installs, plays and goes on in both kinds of frame',
    async (name, file) => {
      const { id, status, draft } = taken(await world.upload(file, { install: false }))
      // Several packages bring the same libraries: where all are approved by now, nothing waits.
      if (status === 'waiting') taken(await world.host.libraries.approve(draft.content, 'op'))
      const lesson = taken(await world.host.lessons.publish(id, { by: 'an' }))
      const again = taken(await world.upload(file, { install: false, person: 'binh' }))
      expect(again.status).toBe('draft')
      for (const [frames, url] of [
        ['own-origin', world.url],
        ['no-origin', withoutOrigin],
      ] as const) {
        const open = async () => {
          const opened = await play(`${url}/play/${lesson.id}/lan-${frames}`)
          const evaluates = /'unsafe-eval'/.test(opened.policy())
          expect(evaluates, 'eval is for the types that are known to need it').toBe(
            EVALUATES.has(kindOf(name)),
          )
          return opened
        }
        const first = await open()
        const seen = await first.content.evaluate((node) => ({
          text: (node.textContent ?? '').trim().length,
          pictures: node.querySelectorAll('img, video, canvas').length,
        }))
        expect(seen.text + seen.pictures).toBeGreaterThan(0)
        expect((await first.page.locator('iframe').boundingBox())!.height).toBeGreaterThan(100)
        if (process.env.SCREENSHOTS)
          await first.page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${frames}.png`) })
        await DO[kindOf(name)]?.(first.content)
        // What is answered moves on a moment later in some.
        if (DO[kindOf(name)]) await first.page.waitForTimeout(2500)
        const left = await first.frame().evaluate(leave)
        if (left !== null) await saved(first.page)
        expect(first.errors).toEqual([])
        await first.page.context().close()
        expect(left !== null, `${name} keeps where one is`).toBe(!STATELESS.has(kindOf(name)))
        if (left === null) continue
        const second = await open()
        expect(await second.frame().evaluate(found)).toEqual(JSON.parse(left))
        expect(second.errors).toEqual([])
        await second.page.context().close()
      }
    },
    180_000,
  )

  /** Opens the lesson on a device of its own, and waits until it stands there. */
  async function play(url: string) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const errors: string[] = []
    let policy = ''
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      // Films of other hosts are not to be had on a machine without a network.
      const { hostname } = new URL(message.location().url || world.url)
      if (message.type() === 'error' && /^127\.0\.0\.1$|localhost$/.test(hostname))
        errors.push(message.text())
    })
    page.on('response', (response) => {
      if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`)
      if (response.url().includes('/h5p/frame/')) policy = response.headers()['content-security-policy'] ?? ''
    })
    await page.goto(url)
    const content = page.frameLocator('iframe').locator('.h5p-content.h5p-initialized')
    await content.waitFor()
    await page.waitForTimeout(1500)
    return { page, content, errors, policy: () => policy, frame: () => page.frames()[1]! }
  }

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
      expect(verbs[0]).toBe('initialized')
      expect(verbs).toContain('completed')
      await page.close()
    },
    60_000,
  )
})

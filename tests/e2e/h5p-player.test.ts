import axe from 'axe-core'
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type HostWorld, openHostWorld } from '../support/host-world.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const PROGRESS = 'https://w3id.org/xapi/cmi5/result/extensions/progress'
let world: HostWorld
let browser: Browser
const contexts: BrowserContext[] = []
beforeAll(async () => {
  world = await openHostWorld()
  await world.host.seed()
  browser = await openBrowser()
})
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

interface Opened {
  page: Page
  lesson: FrameLocator
  /** Errors on the console and of scripts. */
  errors: string[]
}
/** Opens a lesson as a person on a device of its own. */
async function open(lesson: string, person: string, width = 360): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 740 } })
  contexts.push(context)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(`${world.url}/play/${lesson}/${person}`)
  return { page, lesson: page.frameLocator('iframe'), errors }
}
type Told = { type: string; detail: { unsent?: number; waiting?: boolean } }
async function finished(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    (globalThis as unknown as { told: Told[] }).told.some((each) => each.type === 'h5p:finished'),
  )
}
async function saved(page: Page): Promise<void> {
  await page.waitForFunction(
    () => (globalThis as unknown as { told: Told[] }).told.at(-1)?.detail.unsent === 0,
  )
}
interface Stored {
  actor: { account: { name: string } }
  verb: { id: string }
  object: { id: string; definition: Record<string, unknown> }
  result?: Record<string, unknown> & { score?: Record<string, number> }
}
const by = async (person: string) =>
  ((await world.statements()) as unknown as Stored[]).filter((each) => each.actor.account.name === person)
/** Waits until the person has so many statements. */
async function statements(person: string, count: number): Promise<Stored[]> {
  await expect.poll(async () => (await by(person)).length, { timeout: 10_000 }).toBe(count)
  return by(person)
}

describe('our own lessons', () => {
  const ANSWERS = ['Đúng', 'Đúng', 'Sai', 'Sai', 'Đúng', 'Sai', 'Sai', 'Đúng']

  test('true or false: played to the end with the keyboard alone, every answer is recorded', async () => {
    const { page, lesson, errors } = await open('phan-loai-rac', 'keys')
    await lesson.getByText('Câu 1 / 8').waitFor()
    await page.locator('iframe').focus()
    await page.keyboard.press('Tab')
    for (const [index, answer] of ANSWERS.entries()) {
      await lesson.getByText(`Câu ${index + 1} / 8`).waitFor()
      await lesson.getByRole('radio', { name: 'Đúng' }).focus()
      await page.keyboard.press(answer === 'Đúng' ? 'Space' : 'ArrowRight')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      // The verdict is read out: it has the focus, and the way on is the next stop.
      await expect.poll(() => lesson.locator('.sd-feedback:focus').count()).toBe(1)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
    }
    await lesson.getByRole('heading', { name: 'Kết quả của bạn' }).waitFor()
    await expect.poll(() => lesson.locator('h2:focus').count()).toBe(1)
    await finished(page)
    const all = await statements('keys', 10)
    const iri = `${world.url}/lessons/phan-loai-rac`
    expect(all.map((each) => each.verb.id.replace(ADL, ''))).toEqual([
      'initialized',
      ...ANSWERS.map(() => 'answered'),
      'completed',
    ])
    expect(all[3]).toMatchObject({
      object: {
        id: `${iri}?subContentId=trang-vo-hop`,
        definition: { interactionType: 'true-false', correctResponsesPattern: ['false'] },
      },
      result: { response: 'false', success: true, score: { raw: 1, min: 0, max: 1, scaled: 1 } },
    })
    expect(all[3]!.result!.duration).toMatch(/^PT[\d.]+S$/)
    expect(all[9]).toMatchObject({
      object: { id: iri },
      result: { completion: true, score: { raw: 8, min: 0, max: 8, scaled: 1 } },
    })
    expect(errors).toEqual([])
  })

  test('text with questions: pictures show, a question is asked before going on, and the score counts', async () => {
    const { page, lesson, errors } = await open('phong-duoi-nuoc', 'reader', 1280)
    for (let at = 0; at < 5; at++) {
      await lesson.getByText(`Trang ${at + 1} / 5`).waitFor()
      const forward = lesson.getByRole('button', { name: at === 4 ? 'Xem kết quả' : 'Đọc tiếp' })
      if (at === 1 || at === 3) {
        const picture = lesson.getByRole('img')
        const width = () =>
          picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)
        await expect.poll(width, { timeout: 10_000 }).toBe(720)
        expect((await picture.getAttribute('alt'))!.length).toBeGreaterThan(40)
      }
      if (at === 0) {
        await forward.click()
        await lesson.getByText('Bạn hãy trả lời câu hỏi rồi đi tiếp.').waitFor()
      }
      await lesson.getByRole('radio').nth(1).check()
      await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
      await forward.click()
    }
    await lesson.getByText('3/5').waitFor()
    await finished(page)
    const all = await statements('reader', 12)
    expect(all.map((each) => each.verb.id.replace(ADL, ''))).toEqual([
      'initialized',
      ...[1, 2, 3, 4, 5].flatMap(() => ['progressed', 'answered']),
      'completed',
    ])
    expect(all[2]!.object.definition).toMatchObject({
      interactionType: 'choice',
      correctResponsesPattern: ['b'],
      choices: [{ id: 'a' }, { id: 'b', description: { vi: expect.any(String) } }, { id: 'c' }],
    })
    expect(all[9]!.result).toMatchObject({ extensions: { [PROGRESS]: 100 } })
    expect(all[11]!.result).toMatchObject({ completion: true, score: { raw: 3, max: 5 } })
    expect(errors).toEqual([])
  })

  test('fit a phone’s width, have targets of 44 px, and axe finds nothing', async () => {
    for (const [id, scheme] of [
      ['phan-loai-rac', 'light'],
      ['phong-duoi-nuoc', 'light'],
      ['phong-duoi-nuoc', 'dark'],
    ] as const) {
      const { page, lesson } = await open(id, `look-${id}-${scheme}`)
      await page.emulateMedia({ colorScheme: scheme })
      const check = async () => {
        const frame = page.frames()[1]!
        await frame.evaluate(axe.source)
        const [wide, small, found] = await frame.evaluate(async () => {
          const targets = [...document.querySelectorAll<HTMLElement>('button:not([hidden]), .sd-choice')]
          const run = (globalThis as unknown as { axe: typeof import('axe-core') }).axe
          // The page's first heading stands outside of the frame.
          const { violations } = await run.run({ rules: { 'page-has-heading-one': { enabled: false } } })
          return [
            document.documentElement.scrollWidth,
            targets.filter((each) => each.offsetHeight < 44).map((each) => each.textContent),
            violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`),
          ] as const
        })
        expect(wide).toBeLessThanOrEqual(360)
        expect(small).toEqual([])
        expect(found).toEqual([])
      }
      await lesson.getByRole('button', { name: 'Kiểm tra' }).waitFor()
      await check()
      await lesson.getByRole('radio').first().check()
      await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
      await check()
      await page.context().close()
    }
  })

  test('a new page of the lesson begins in view, however far down the last one was left', async () => {
    const { page, lesson } = await open('phong-duoi-nuoc', 'scroller')
    await lesson.getByRole('radio').nth(1).check()
    await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
    await lesson.getByRole('button', { name: 'Đọc tiếp' }).scrollIntoViewIfNeeded()
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(300)
    await lesson.getByRole('button', { name: 'Đọc tiếp' }).click()
    const heading = lesson.getByRole('heading', { name: 'Làm cho nhà và xóm an toàn hơn' })
    await expect.poll(async () => ((await heading.boundingBox())?.y ?? -1) >= 0).toBe(true)
    expect((await heading.boundingBox())!.y).toBeLessThan(400)
  })

  test('go on where the learner left off, also on another device', async () => {
    const first = await open('phan-loai-rac', 'wanderer')
    await first.lesson.getByRole('radio', { name: 'Đúng' }).check()
    await first.lesson.getByRole('button', { name: 'Kiểm tra' }).click()
    await first.lesson.getByRole('button', { name: 'Câu tiếp theo' }).click()
    await saved(first.page)
    await expect
      .poll(
        async () => {
          const second = await open('phan-loai-rac', 'wanderer')
          await second.lesson.locator('.sd-place').first().waitFor()
          return second.lesson.locator('.sd-place').first().textContent()
        },
        { timeout: 10_000 },
      )
      .toBe('Câu 2 / 8')
    // It was begun once.
    expect((await by('wanderer')).filter((each) => each.verb.id === `${ADL}initialized`)).toHaveLength(1)
  })

  test('what is answered while the line is gone is sent when it is back, once and in order', async () => {
    const { page, lesson } = await open('phan-loai-rac', 'offline')
    await statements('offline', 1)
    await saved(page)
    await page.context().setOffline(true)
    for (let at = 0; at < 3; at++) {
      await lesson.getByRole('radio', { name: 'Đúng' }).check()
      await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
      await lesson.getByRole('button', { name: 'Câu tiếp theo' }).click()
    }
    await page.waitForFunction(() => {
      const last = (globalThis as unknown as { told: Told[] }).told.at(-1)
      return last?.detail.waiting === true && last.detail.unsent === 3
    })
    expect(await by('offline')).toHaveLength(1)
    await page.context().setOffline(false)
    const all = await statements('offline', 4)
    expect(all.slice(1).map((each) => each.object.id.split('=')[1])).toEqual([
      'ba-nhom',
      'rac-thuc-pham',
      'trang-vo-hop',
    ])
    expect(new Set(all.map((each) => (each as unknown as { id: string }).id)).size).toBe(4)
  })

  test('a server that asks to wait is asked again no sooner, and loses nothing', async () => {
    const { page, lesson } = await open('phan-loai-rac', 'patient')
    await statements('patient', 1)
    const asked: number[] = []
    await page.route('**/events', async (route) => {
      asked.push(Date.now())
      if (asked.length > 1) return route.continue()
      return route.fulfill({ status: 429, headers: { 'Retry-After': '5' }, json: { problems: [] } })
    })
    await lesson.getByRole('radio', { name: 'Đúng' }).check()
    await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
    await statements('patient', 2)
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(4_900)
  })
})

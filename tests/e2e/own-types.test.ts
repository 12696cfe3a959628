import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type HostWorld, openHostWorld, taken } from '../support/host-world.ts'

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

/** A lesson file with a question of every type. */
const lessonFile = (language: string) => `
title: T
language: ${language}
topics: [moi-truong]
licence: CC BY 4.0
pages:
  - title: First page
    content:
      - text: A **text**.
      - {choice: Which one?, answers: [{text: no}, {text: this, right: true}], explanation: So it is., id: one}
      - {several: Which ones?, answers: [{text: red, right: true}, {text: blue, right: true}, {text: green}], id: some}
  - title: Second page
    content:
      - {gaps: "Water boils at [[100 | hundred]] degrees in a [[hòa]].", id: gaps}
      - {order: In what order?, items: [wake up, eat], id: order}
  - title: Third page
    content:
      - set:
          - {true-false: Ice is warm., right: false, id: ice}
          - {true-false: Fire is hot., right: true, id: fire}
        id: set
`

interface Words {
  check: string
  next: string
  nextQuestion: string
  result: string
  gap: string
  up: string
  true: string
  false: string
  title: string
}
const WORDS: Record<string, Words> = {
  vi: {
    check: 'Kiểm tra',
    next: 'Đọc tiếp',
    nextQuestion: 'Câu tiếp theo',
    result: 'Xem kết quả',
    gap: 'Chỗ trống',
    up: 'Chuyển lên',
    true: 'Đúng',
    false: 'Sai',
    title: 'Kết quả của bạn',
  },
  en: {
    check: 'Check',
    next: 'Go on',
    nextQuestion: 'Next question',
    result: 'See the result',
    gap: 'Gap',
    up: 'Move up',
    true: 'True',
    false: 'False',
    title: 'Your result',
  },
}

async function publish(language: string, assessed = false): Promise<string> {
  const file = join(world.directory, `${language}-${assessed}.yaml`)
  await writeFile(file, `${lessonFile(language)}${assessed ? 'assessed: {attempts: 2}\n' : ''}`)
  const lesson = taken(await world.upload(file, { install: false }))
  taken(await world.host.lessons.publish(lesson.id, { by: 'an' }))
  return lesson.id
}

interface Opened {
  page: Page
  lesson: FrameLocator
  errors: string[]
}
async function open(lesson: string, person: string, options: BrowserContextOptions): Promise<Opened> {
  const context = await browser.newContext(options)
  contexts.push(context)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.addInitScript(() => {
    if (window !== window.top) return
    const said: unknown[] = []
    Object.assign(window, { said })
    window.addEventListener('message', ({ data }) => {
      if (data?.kind === 'statement') said.push(data.statement)
    })
  })
  await page.goto(`${world.url}/play/${lesson}/${person}`)
  await page.frameLocator('iframe').locator('.sd-way').first().waitFor()
  return { page, lesson: page.frameLocator('iframe'), errors }
}

/** Presses Tab until the focus is on what has this name; then what is to be pressed there. */
async function press(page: Page, name: RegExp, ...keys: string[]): Promise<void> {
  const frame = page.frames()[1]!
  const named = () =>
    frame.evaluate(() => {
      const here = document.activeElement as HTMLInputElement | null
      return here?.getAttribute('aria-label') ?? here?.labels?.[0]?.textContent ?? here?.textContent ?? ''
    })
  for (let tabs = 0; !name.test(await named()); tabs++) {
    expect(tabs, `Tab finds ${name}`).toBeLessThan(30)
    await page.keyboard.press('Tab')
  }
  for (const key of keys)
    if (key.length > 1 && /^[A-Z]/.test(key)) await page.keyboard.press(key)
    else await page.keyboard.type(key)
}

/** What axe finds in the frame, and how wide it is. */
async function look(page: Page): Promise<void> {
  const frame = page.frames()[1]!
  if (!(await frame.evaluate(() => 'axe' in globalThis))) await frame.evaluate(axe.source)
  const [wide, found] = await frame.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    // The page's first heading stands outside of the frame.
    const { violations } = await axe.run({ rules: { 'page-has-heading-one': { enabled: false } } })
    return [
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`),
    ] as const
  })
  expect(wide).toBe(0)
  expect(found).toEqual([])
}

type Statement = {
  verb: { id: string }
  object: { id: string; definition: Record<string, unknown> }
  result?: Record<string, unknown>
  context: { contextActivities: { parent?: { id: string }[] } }
}
async function answers(person: string): Promise<Map<string, Statement>> {
  const all = (await world.statements()) as unknown as (Statement & {
    actor: { account: { name: string } }
  })[]
  const own = all.filter((each) => each.actor.account.name === person)
  return new Map(
    own
      .filter((each) => each.verb.id.endsWith('/answered'))
      .map((each) => [each.object.id.split('=')[1]!, each]),
  )
}

describe('every type of ours, by keyboard alone', () => {
  test.each([
    ['vi', 360, 'dark'],
    ['en', 1280, 'light'],
  ] as const)(
    'in %s, %i pixels wide and %s: played, left and gone on with, and told whole',
    async (language, width, colorScheme) => {
      const words = WORDS[language]!
      const id = await publish(language)
      const options = { viewport: { width, height: 740 }, colorScheme }
      const person = `keys-${language}`
      const first = await open(id, person, options)
      await look(first.page)
      await first.page.locator('iframe').focus()
      await press(first.page, /^no$/, 'ArrowDown')
      await press(first.page, new RegExp(`^${words.check}$`), 'Enter')
      await press(first.page, /^red$/, 'Space')
      await press(first.page, /^blue$/, 'Space')
      await press(first.page, new RegExp(`^${words.check}$`), 'Enter')
      await look(first.page)
      await press(first.page, new RegExp(`^${words.next}$`), 'Enter')
      await first.lesson.getByRole('heading', { name: 'Second page' }).waitFor()
      await expect.poll(() => first.lesson.locator('h2:focus').count()).toBe(1)
      await press(first.page, new RegExp(`^${words.gap} 1`), 'HUNDRED '.toLowerCase())
      await press(first.page, new RegExp(`^${words.gap} 2`), 'hoà')
      await press(first.page, new RegExp(`^${words.check}$`), 'Enter')
      await look(first.page)
      await expect.poll(async () => (await answers(person)).size, { timeout: 10_000 }).toBe(3)

      // On another device, in the middle of the page.
      const { page, lesson, errors } = await open(id, person, options)
      await lesson.getByRole('heading', { name: 'Second page' }).waitFor()
      expect(await lesson.getByLabel(`${words.gap} 2`).inputValue()).toBe('hoà')
      await page.locator('iframe').focus()
      const order = () => lesson.locator('.sd-order-text').allTextContents()
      expect(await order()).toEqual(['eat', 'wake up'])
      await look(page)
      await press(page, new RegExp(`^${words.up}: wake up$`), 'Enter')
      expect(await order()).toEqual(['wake up', 'eat'])
      // The button that was pressed still has the focus; what it did is read out.
      await expect
        .poll(() => lesson.locator('.sd-mover:focus').getAttribute('aria-label'))
        .toContain('wake up')
      expect(await lesson.getByRole('status').filter({ hasText: 'wake up' }).textContent()).toContain('1')
      await press(page, new RegExp(`^${words.check}$`), 'Enter')
      await look(page)
      await press(page, new RegExp(`^${words.next}$`), 'Enter')
      await press(page, new RegExp(`^${words.true}$`), 'ArrowDown')
      await press(page, new RegExp(`^${words.check}$`), 'Enter')
      await press(page, new RegExp(`^${words.nextQuestion}$`), 'Enter')
      await press(page, new RegExp(`^${words.true}$`), 'Space')
      await press(page, new RegExp(`^${words.check}$`), 'Enter')
      await press(page, new RegExp(`^${words.result}$`), 'Enter')
      await look(page)
      await press(page, new RegExp(`^${words.result}$`), 'Enter')
      await lesson.getByRole('heading', { name: words.title }).waitFor()
      await look(page)
      await lesson.getByText('7/7').waitFor()

      await expect.poll(async () => (await answers(person)).size, { timeout: 10_000 }).toBe(6)
      const all = await answers(person)
      const told = (part: string) => {
        const { object, result } = all.get(part)!
        const { interactionType, correctResponsesPattern, choices, name } = object.definition
        return { interactionType, correctResponsesPattern, choices, name, response: result!.response }
      }
      const choice = (id: string, text: string) => ({ id, description: { [language]: text } })
      expect(told('one')).toEqual({
        interactionType: 'choice',
        correctResponsesPattern: ['b'],
        choices: [choice('a', 'no'), choice('b', 'this')],
        name: { [language]: 'Which one?' },
        response: 'b',
      })
      expect(told('some')).toMatchObject({ correctResponsesPattern: ['a[,]b'], response: 'a[,]b' })
      expect(told('gaps')).toMatchObject({
        interactionType: 'fill-in',
        correctResponsesPattern: ['{case_matters=false}100[,]hòa', '{case_matters=false}hundred[,]hòa'],
        response: 'hundred[,]hoà',
      })
      const [pattern] = told('order').correctResponsesPattern as string[]
      expect(told('order')).toMatchObject({ interactionType: 'sequencing', response: pattern })
      expect(told('order').choices).toHaveLength(2)
      expect(told('ice')).toMatchObject({ interactionType: 'true-false', response: 'false' })
      for (const { result } of all.values()) {
        expect(result).toMatchObject({ success: true, completion: true, score: { min: 0, scaled: 1 } })
        expect(result!.duration).toMatch(/^PT[\d.]+S$/)
      }
      const parentOf = (part: string) => all.get(part)!.context.contextActivities.parent![0]!.id
      expect(parentOf('one')).toBe(`${world.url}/lessons/${id}`)
      expect(parentOf('ice')).toBe(`${world.url}/lessons/${id}?subContentId=set`)
      expect([...first.errors, ...errors]).toEqual([])
    },
  )
})

describe('assessed', () => {
  test('no verdict is shown; what was answered is handed in at the end, also across a reload', async () => {
    const id = await publish('vi', true)
    const opened = await open(id, 'assessed', { viewport: { width: 360, height: 740 } })
    const { page, lesson, errors } = opened
    const on = (name: string) => lesson.getByRole('button', { name, exact: true }).last().click()
    await lesson.getByLabel('this').check()
    expect(await lesson.getByRole('button', { name: 'Kiểm tra' }).count()).toBe(0)
    await on('Đọc tiếp')
    await lesson.getByLabel('Chỗ trống 1').fill('7')
    await look(page)
    await on('Đọc tiếp')
    await page.waitForTimeout(1000)
    await page.reload()
    await lesson.getByRole('heading', { name: 'Third page' }).waitFor()
    await lesson.getByLabel('Sai', { exact: true }).check()
    await on('Câu tiếp theo')
    expect(await lesson.locator('.sd-right, .sd-wrong, .sd-feedback:visible').count()).toBe(0)
    expect(await page.evaluate(() => (window as unknown as { said: unknown[] }).said)).toEqual([])
    await on('Nộp bài')
    await lesson.getByText('Còn 3 câu chưa trả lời', { exact: false }).waitFor()
    await on('Nộp bài')
    await lesson.getByRole('heading', { name: 'Đã nộp bài' }).waitFor()
    await look(page)
    const said = (await page.evaluate(() => (window as unknown as { said: unknown[] }).said)) as Statement[]
    const short = said.map((each) => [
      each.verb.id.split('/').at(-1),
      each.object.id.split('=')[1],
      each.result?.response,
    ])
    expect(short).toEqual([
      ['answered', 'one', expect.stringMatching(/^\w+$/)],
      ['answered', 'gaps', '7[,]'],
      ['answered', 'ice', 'false'],
      ['completed', undefined, undefined],
    ])
    for (const { result, object } of said) {
      expect(result).not.toHaveProperty('score')
      expect(result).not.toHaveProperty('success')
      expect(object.definition).not.toHaveProperty('correctResponsesPattern')
    }
    // The line went before the server had it: it is handed in again, all of it.
    await page.waitForTimeout(1000)
    await page.reload()
    await lesson.getByRole('heading', { name: 'Third page' }).waitFor()
    await on('Nộp bài')
    await on('Nộp bài')
    await lesson.getByRole('heading', { name: 'Đã nộp bài' }).waitFor()
    const again = (await page.evaluate(() => (window as unknown as { said: unknown[] }).said)) as Statement[]
    expect(again.map(({ result }) => result?.response)).toEqual(said.map(({ result }) => result?.response))
    expect(errors).toEqual([])
  })
})

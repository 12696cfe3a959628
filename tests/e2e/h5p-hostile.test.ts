import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type HostWorld, openHostWorld, taken } from '../support/host-world.ts'
import { hostilePackage } from '../support/hostile-package.ts'

/**
 * A content type whose code wants what is not its own: in a frame without an origin, in one with an origin of its own,
 * and, to see that the attacks are any, in one that nothing protects.
 */
const ADL = 'http://adlnet.gov/expapi/verbs/'
const SECRET = 'secret-of-the-main-page'
const VICTIM = 'phong-duoi-nuoc'

let browser: Browser
const contexts: BrowserContext[] = []
beforeAll(async () => {
  browser = await openBrowser()
})
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
afterAll(() => browser.close())

type Got = Record<string, string>
const got = async (lesson: FrameLocator | Page) =>
  JSON.parse((await lesson.locator('.got').textContent({ timeout: 20_000 }))!) as Got

/** Publishes a lesson that tries this. `attempt(name, what)` writes down what came of it. */
async function hostile(world: HostWorld, script: string): Promise<string> {
  const { id } = await world.publish(await world.zip(hostilePackage(script)))
  return id
}

/** Opens a lesson in a browser that is signed in at the main page, as far as it goes. `unprotected`: without any wall. */
async function open(world: HostWorld, lesson: string, person: string, { unprotected = false } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  contexts.push(context)
  // One that scripts may read: that the product's may not is not what keeps a lesson from it.
  await context.addCookies([{ name: 'session', value: SECRET, url: world.url }])
  const page = await context.newPage()
  if (unprotected) await takeWallsDown(page)
  const token: string[] = []
  page.on('response', async (response) => {
    if (response.url().includes('/play/'))
      token.push(/data-h5p-token="([^"]+)"/.exec(await response.text().catch(() => ''))?.[1] ?? '')
  })
  await page.addInitScript(
    ([origin, secret]) => {
      if (location.origin === origin && window === top) localStorage.setItem('secret', secret!)
    },
    [world.url, SECRET],
  )
  await page.goto(`${world.url}/play/${lesson}/${person}`)
  return { page, lesson: page.frameLocator('iframe').first(), token }
}

/** The frame's attribute and its page's headers are all that stands between. */
async function takeWallsDown(page: Page): Promise<void> {
  await page.route('**/play/**', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace(/ sandbox="[^"]*"/, '')
    await route.fulfill({ response, body })
  })
  await page.route('**/h5p/frame/**', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ status: 200, contentType: 'text/html', body: await response.text() })
  })
}

/** A page of another site with the lesson's frame in it. */
async function frameElsewhere(world: HostWorld, lesson: string, { unprotected }: { unprotected: boolean }) {
  const { frameUrl } = taken(await world.host.play(lesson, 'framed'))
  const context = await browser.newContext()
  contexts.push(context)
  const page = await context.newPage()
  if (unprotected) await takeWallsDown(page)
  const body = `<iframe src="${new URL(frameUrl, world.url).href}"></iframe>`
  await page.route('http://elsewhere.localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body }),
  )
  await page.goto('http://elsewhere.localhost/')
  return page
}

/** Everything that it tries at once. */
async function attacks(world: HostWorld): Promise<string> {
  const victim = taken(await world.host.play(VICTIM, 'victim'))
  const draft = taken(await world.upload(await world.zip(hostilePackage('')), { person: 'another-author' }))
  const main = JSON.stringify(world.url)
  return `
    const main = ${main}
    await attempt('cookie', () => document.cookie)
    await attempt('jar', () => { const f = document.createElement('iframe'); document.body.append(f); return f.contentDocument.cookie })
    await attempt('parentPage', () => parent.document.body.innerHTML)
    await attempt('parentCookie', () => parent.document.cookie)
    await attempt('parentStorage', () => parent.localStorage.getItem('secret'))
    await attempt('parentDatabase', () => parent.indexedDB.databases())
    await attempt('storageOfOrigin', () => { const f = document.createElement('iframe'); document.body.append(f); return f.contentWindow.localStorage.getItem('secret') })
    await attempt('page', () => fetch(main + '/play/${VICTIM}/victim', { credentials: 'include' }).then((r) => r.text()))
    await attempt('framed', async () => {
      const f = document.createElement('iframe'); f.src = main + '/play/${VICTIM}/victim'
      const loaded = new Promise((done) => { f.onload = done; setTimeout(done, 2000) })
      document.body.append(f); await loaded
      return f.contentDocument.body.innerHTML
    })
    await attempt('inline', () => { const s = document.createElement('script'); s.textContent = 'window.inline = 1'; document.head.append(s); return window.inline })
    await attempt('eval', () => eval('1 + 1'))
    await attempt('elsewhere', () => fetch('https://example.org/').then(() => 'sent', (error) => { if (!window.blocked) throw error; return 'refused: by policy' }))
    await attempt('popup', () => window.open('about:blank'))
    await attempt('worker', () => navigator.serviceWorker.register(document.scripts[document.scripts.length - 1].src, {}).then(() => 'registered', (error) => { throw error }))
    const [, own] = location.pathname.match(/frame\\/([^?]+)/)
    const token = new URLSearchParams(location.search).get('token')
    const status = (path, options) => fetch(path, options).then((r) => r.status)
    await attempt('events', () => status(main + '/h5p/attempts/' + own + '/events', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + token }, body: '{"events":[]}' }))
    await attempt('othersFrame', () => status('/h5p/frame/${victim.attempt.id}?token=' + token))
    await attempt('othersFiles', () => status('/h5p/content/${VICTIM}/images/mang-ao-phao.webp'))
    await attempt('draftFiles', () => status('/h5p/content/${draft.draft.content}/images/picture.png'))
    await attempt('parameters', () => status('/h5p/params/${VICTIM}'))
    await attempt('download', () => status('/h5p/download/${VICTIM}'))
    await attempt('ownAddress', () => location.href + document.referrer + JSON.stringify(H5PIntegration) + document.documentElement.outerHTML)
    await attempt('parentFrame', () => parent.document.querySelector('iframe').outerHTML)
  `
}

describe.each([
  ['without an origin', false],
  ['with an origin of its own', true],
])('a hostile library in a frame %s', (_name, ownOrigin) => {
  let world: HostWorld
  beforeAll(async () => {
    world = await openHostWorld({}, { ownOrigin })
    await world.host.seed()
  })
  afterAll(() => world.close())
  const by = async (person: string) =>
    (await world.statements()).filter(
      (each) => (each.actor as { account: { name: string } }).account.name === person,
    )
  /** All that was said of a person, but for the server's own word that they opened a lesson. */
  const claimedOf = async (person: string) =>
    (await by(person)).filter(({ verb }) => (verb as { id: string }).id !== `${ADL}initialized`)

  test('reaches neither cookie, page, storage nor token of ours, and nothing of another lesson', async () => {
    const id = await hostile(world, await attacks(world))
    const { page, lesson, token } = await open(world, id, 'player-1')
    const { ownAddress, jar, storageOfOrigin, ...found } = await got(lesson)
    expect(found).toEqual({
      cookie: '',
      parentPage: 'refused: SecurityError',
      parentCookie: 'refused: SecurityError',
      parentStorage: 'refused: SecurityError',
      parentDatabase: 'refused: SecurityError',
      parentFrame: 'refused: SecurityError',
      page: 'refused: TypeError',
      // The document is another origin's, or the policy did not let it come.
      framed: 'refused: TypeError',
      inline: 'undefined',
      eval: 'refused: EvalError',
      elsewhere: 'refused: TypeError',
      popup: 'null',
      worker: expect.stringMatching(/^refused: (Security|Type)Error$/),
      events: 'refused: TypeError',
      othersFrame: ownOrigin ? '401' : 'refused: TypeError',
      othersFiles: ownOrigin ? '404' : expect.stringMatching(/^(404|refused: TypeError)$/),
      draftFiles: ownOrigin ? '404' : expect.stringMatching(/^(404|refused: TypeError)$/),
      parameters: ownOrigin ? '404' : 'refused: TypeError',
      download: ownOrigin ? '404' : 'refused: TypeError',
    })
    // An origin of its own has a jar and a store of its own, with nothing in them.
    expect(jar).toBe(ownOrigin ? '' : 'refused: TypeError')
    expect(storageOfOrigin).toBe(ownOrigin ? 'null' : 'refused: SecurityError')
    expect(token[0]).toMatch(/./)
    for (const secret of [token[0]!, 'player-1', world.accountHomePage, SECRET])
      expect(ownAddress!.includes(secret), secret).toBe(false)
    expect(page.url()).toBe(`${world.url}/play/${id}/player-1`)
  })

  test.each([
    ['the page around it', `top.location.href = 'about:blank'`],
    [
      'the page around it, by a link',
      `const a = document.createElement('a'); a.href = 'about:blank'; a.target = '_top'; document.body.append(a); a.click()`,
    ],
    [
      'a form',
      `const f = document.createElement('form'); f.action = 'about:blank'; f.target = '_top'; document.body.append(f); f.submit()`,
    ],
  ])('moves nothing but itself: %s', async (_what, script) => {
    const id = await hostile(world, `await attempt('moved', () => { ${script} })`)
    const { page, lesson } = await open(world, id, 'player-2')
    await got(lesson)
    await page.waitForTimeout(500)
    expect(page.url()).toBe(`${world.url}/play/${id}/player-2`)
    expect(page.context().pages()).toHaveLength(1)
  })

  test('leaves nothing for another lesson to find, and finds nothing', async () => {
    const leaves = await hostile(
      world,
      `localStorage.setItem('left', 'behind'); sessionStorage.setItem('left', 'behind'); await attempt('left', () => { try { document.cookie = 'left=behind' } catch {} return localStorage.getItem('left') })`,
    )
    const finds = await hostile(
      world,
      `await attempt('found', () => JSON.stringify([localStorage.getItem('left'), sessionStorage.getItem('left'), document.cookie]))`,
    )
    const { page, lesson } = await open(world, leaves, 'player-3')
    expect(await got(lesson)).toEqual({ left: 'behind' })
    await page.goto(`${world.url}/play/${finds}/player-3`)
    expect(await got(lesson)).toEqual({ found: '[null,null,""]' })
    const cookies = await page.context().cookies()
    expect(cookies.map(({ name, domain }) => `${name} ${domain}`)).toEqual(['session 127.0.0.1'])
  })

  test('speaks in nobody else’s name and of no other lesson', async () => {
    const id = await hostile(
      world,
      `
      const event = this.createXAPIEventTemplate('interacted')
      const claim = (change) => { const copy = JSON.parse(JSON.stringify(event.data.statement)); change(copy); H5P.externalDispatcher.trigger('xAPI', { statement: copy }) }
      claim((statement) => { statement.object.id = '${world.url}/lessons/${VICTIM}' })
      parent.postMessage({ protocol: 'suotdoi-h5p/1', kind: 'statement', statement: { verb: { id: '${ADL}voided' }, object: { objectType: 'StatementRef', id: '${randomUUID()}' } } }, '*')
      claim((statement) => { statement.actor = { account: { homePage: '${world.accountHomePage}', name: 'victim' } } })
    `,
    )
    const { lesson } = await open(world, id, 'player-4')
    await got(lesson)
    await expect.poll(async () => (await by('player-4')).length, { timeout: 10_000 }).toBeGreaterThan(0)
    const mine = await by('player-4')
    expect(new Set(mine.map(({ object }) => (object as { id: string }).id))).toEqual(
      new Set([`${world.url}/lessons/${id}`]),
    )
    expect(await claimedOf('victim')).toEqual([])
  })

  test('messages of any other window, and such as are none of ours, are not taken for the lesson’s', async () => {
    const id = await hostile(
      world,
      `
      const claim = { protocol: 'suotdoi-h5p/1', kind: 'statement', statement: { verb: { id: '${ADL}completed' }, object: { id: '1' } } }
      for (const message of [null, 7, 'x', [], {}, { ...claim, protocol: 'other' }, { ...claim, kind: 'other' }, { ...claim, statement: 'x' }, { ...claim, statement: [] }, { protocol: claim.protocol, kind: 'height', height: '9' }, { protocol: claim.protocol, kind: 'state', data: 5 }])
        parent.postMessage(message, '*')
      const other = document.createElement('iframe')
      other.srcdoc = '<p>another window</p>'
      document.body.append(other)
      await attempt('other', () => { other.contentWindow.eval('parent.parent.postMessage(' + JSON.stringify(claim) + ', "*")') })
    `,
    )
    const { page, lesson } = await open(world, id, 'player-5')
    await got(lesson)
    await page.evaluate((verb) => {
      const claim = {
        protocol: 'suotdoi-h5p/1',
        kind: 'statement',
        statement: { verb: { id: verb }, object: { id: '1' } },
      }
      window.postMessage(claim, '*')
      const other = document.createElement('iframe')
      other.sandbox.add('allow-scripts')
      other.srcdoc = `<script>parent.postMessage(${JSON.stringify(claim)}, '*')</script>`
      document.body.append(other)
    }, `${ADL}completed`)
    await page.waitForTimeout(1000)
    expect(await claimedOf('player-5')).toEqual([])
  })

  test('opened without the outer page, the frame’s page is as closed', async () => {
    const id = await hostile(
      world,
      `await attempt('jar', () => { const f = document.createElement('iframe'); document.body.append(f); return f.contentDocument.cookie }); await attempt('origin', () => self.origin); await attempt('popup', () => window.open('about:blank'))`,
    )
    const { frameUrl } = taken(await world.host.play(id, 'alone'))
    const context = await browser.newContext()
    contexts.push(context)
    await context.addCookies([{ name: 'session', value: SECRET, url: world.url }])
    const page = await context.newPage()
    await page.goto(new URL(frameUrl, world.url).href)
    expect(await got(page)).toEqual({
      jar: ownOrigin ? '' : 'refused: TypeError',
      origin: ownOrigin ? world.playerUrl : 'null',
      popup: 'null',
    })
  })

  test('a page of another site cannot frame it', async () => {
    const id = await hostile(world, `await attempt('origin', () => self.origin)`)
    const page = await frameElsewhere(world, id, { unprotected: false })
    await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/')
  })
})

describe('without its walls', () => {
  let world: HostWorld
  beforeAll(async () => {
    world = await openHostWorld()
    await world.host.seed()
  })
  afterAll(() => world.close())

  test('the same library reaches all of it: what keeps it from that are the walls', async () => {
    const id = await hostile(world, await attacks(world))
    const { lesson } = await open(world, id, 'player-1', { unprotected: true })
    const found = await got(lesson)
    expect(found.jar).toContain(SECRET)
    expect(found.parentCookie).toContain(SECRET)
    expect(found.parentStorage).toBe(SECRET)
    expect(found.storageOfOrigin).toBe(SECRET)
    for (const name of ['parentPage', 'page', 'framed'])
      expect(found[name], name).toContain('data-h5p-attempt')
    expect(found.parentFrame).toContain('<iframe')
    expect(found).toMatchObject({
      inline: '1',
      eval: '2',
      popup: '[object Window]',
      // The door stays shut: its wall is the server's.
      events: '401',
    })
  })

  test('another site frames it', async () => {
    const id = await hostile(world, `await attempt('origin', () => self.origin)`)
    const page = await frameElsewhere(world, id, { unprotected: true })
    expect(await got(page.frameLocator('iframe'))).toEqual({ origin: world.url })
  })

  test('it moves the page around it', async () => {
    const id = await hostile(world, `await attempt('moved', () => { top.location.href = 'about:blank' })`)
    const { page } = await open(world, id, 'player-2', { unprotected: true })
    await page.waitForURL('about:blank')
  })
})

import request from 'supertest'
import { describe, expect, test } from 'vitest'
import { browser, signIn, site } from './testing/site.ts'

describe('who may open what', () => {
  const { app } = site({ full: true })
  const WAYS: [path: string, signedOut: number, citizen: number, author: number, operator: number][] = [
    ['/', 200, 200, 200, 200],
    ['/lessons', 200, 200, 200, 200],
    ['/lessons/lesson-0', 200, 200, 200, 200],
    // A draft: its author's and the operator's.
    ['/lessons/lesson-3', 404, 404, 200, 200],
    ['/lessons/lesson-0/play', 303, 200, 200, 200],
    ['/lessons/nothing', 404, 404, 404, 404],
    ['/me', 303, 200, 200, 200],
    ['/me/change', 303, 200, 200, 200],
    ['/me/password', 303, 200, 200, 200],
    ['/me/sessions', 303, 200, 200, 200],
    ['/me/transcript', 303, 200, 200, 200],
    ['/me/transcript/line-0', 303, 200, 404, 404],
    ['/author', 303, 403, 200, 200],
    ['/author/upload', 303, 403, 200, 200],
    ['/author/lesson-0', 303, 403, 200, 200],
    ['/author/lesson-3/delete', 303, 403, 200, 200],
    ['/operator', 303, 403, 403, 200],
    ['/operator/statements', 303, 403, 403, 200],
    ['/lms', 303, 403, 403, 200],
    ['/register', 200, 303, 303, 303],
    ['/sign-in', 200, 303, 303, 303],
    ['/setup/wrong', 403, 403, 403, 403],
    ['/nothing', 404, 404, 404, 404],
  ]
  const ROLES = ['signed out', 'citizen', 'author', 'operator'] as const

  test.each(ROLES.map((role, at) => [role, at] as const))('%s', async (role, at) => {
    const agent = browser(app)
    if (role !== 'signed out') expect((await signIn(agent, role)).status).toBe(303)
    for (const way of WAYS) {
      const [path] = way
      const wanted = way[at + 1]
      const { status } = await agent.get(path)
      expect(status, `${role} ${path}`).toBe(wanted)
    }
  })

  test('an author changes only lessons of their own', async () => {
    const { app, services } = site({ full: true })
    services.lessonList[0]!.author = 'somebody'
    const agent = browser(app)
    await signIn(agent, 'author')
    expect((await agent.get('/author/lesson-0')).status).toBe(403)
    for (const act of ['', '/publish', '/unpublish', '/delete']) {
      expect((await agent.post(`/author/lesson-0${act}`).type('form').send({ title: 'x' })).status, act).toBe(
        403,
      )
    }
    expect(services.lessonList[0]!.title).not.toBe('x')
    expect(services.lessonList).toHaveLength(30)
  })

  test('a refused page says whose it is to grant the right', async () => {
    const agent = browser(app)
    await signIn(agent, 'citizen')
    const { text } = await agent.get('/author')
    expect(text).toContain('soạn bài học')
    expect(text).toContain('người vận hành của tỉnh Hưng Yên')
  })

  test('signing in leads back to the page that was asked for, and never to another site', async () => {
    const first = await request(app).get('/me/transcript?after=50')
    expect(first.headers.location).toBe('/sign-in?next=%2Fme%2Ftranscript%3Fafter%3D50')
    const agent = browser(app)
    const { headers } = await signIn(agent, 'citizen', { next: '/me/transcript?after=50' })
    expect(headers.location).toBe('/me/transcript?after=50')
    for (const next of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      '/\t/evil.example',
      '/..//evil.example',
      '/.//evil.example',
      '/a/../..//evil.example',
      'x',
    ]) {
      const other = browser(app)
      expect((await signIn(other, 'citizen', { next })).headers.location, next).toBe('/')
    }
  })
})

describe('what a browser is told', () => {
  const { app } = site()

  test('our own files only, no inline code, no frames, no cookie for a reader', async () => {
    const { headers, text } = await request(app).get('/')
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-inline')
    expect(headers['referrer-policy']).toBe('same-origin')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cache-control']).toContain('private')
    expect(headers['set-cookie']).toBeUndefined()
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=/)
  })

  test('a page of somebody who is signed in is kept by nobody, so that signing out leaves none behind', async () => {
    const agent = browser(app)
    await signIn(agent, 'citizen')
    for (const path of ['/', '/me', '/me/transcript', '/me/transcript/line-0', '/lessons', '/nowhere']) {
      expect((await agent.get(path)).headers['cache-control'], path).toBe('no-store')
    }
  })

  test('what was sent and cannot be read is refused in words that say so', async () => {
    const agent = browser(app)
    const long = await agent
      .post('/sign-in')
      .type('form')
      .send({ identifier: 'a'.repeat(200_000) })
    expect(long.status).toBe(413)
    expect(long.text).toContain('Không đọc được lần gửi này')
    const garbled = await agent.get('/me/transcript/%ff')
    expect(garbled.status).toBe(400)
    expect(garbled.text).toContain('Không có trang này')
  })

  test('an https address makes the session cookie Secure; it is HttpOnly and SameSite=Lax always', async () => {
    const { app } = site({ publicUrl: 'https://hoc.example.org' })
    const answer = await request(app)
      .post('/sign-in')
      .set('Origin', 'https://hoc.example.org')
      .type('form')
      .send({ identifier: 'citizen@example.org', password: 'mot cau dai de nho' })
    const cookie = (answer.get('Set-Cookie') ?? []).find((each) => each.startsWith('__Host-session='))
    expect(cookie).toContain('Secure')
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Lax')
  })

  test('assets live under the hash of their content and may be kept for ever', async () => {
    const { text } = await request(app).get('/')
    const [, style] = text.match(/href="(\/assets\/style\.[^"]+\.css)"/) ?? []
    const { headers, text: css } = await request(app).get(style!)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toContain('text/css')
    expect(Buffer.byteLength(css)).toBeLessThanOrEqual(25_000)
    expect((await request(app).get('/assets/style.nothing.css')).status).toBe(404)
  })

  test('no fonts for who saves data', async () => {
    expect((await request(app).get('/')).text).toContain('/assets/fonts.')
    expect((await request(app).get('/').set('Save-Data', 'on')).text).not.toContain('/assets/fonts.')
  })
})

describe('language', () => {
  const { app } = site()
  const languageOf = async (path: string, headers: Record<string, string>) =>
    (await request(app).get(path).set(headers)).text.match(/<html lang="(\w+)"/)?.[1]

  test('by choice, else by cookie, else by the browser, else Vietnamese', async () => {
    expect(await languageOf('/', {})).toBe('vi')
    expect(await languageOf('/', { 'Accept-Language': 'en-US,en;q=0.9' })).toBe('en')
    expect(await languageOf('/', { 'Accept-Language': 'fr, *;q=0.1' })).toBe('vi')
    expect(await languageOf('/', { 'Accept-Language': '\u00e9$$$,;;q=,en' })).toMatch(/vi|en/)
    expect(await languageOf('/', { 'Accept-Language': 'en', Cookie: 'language=vi' })).toBe('vi')
    expect(await languageOf('/?lang=en', { Cookie: 'language=vi' })).toBe('en')
    expect(await languageOf('/?lang=xx', {})).toBe('vi')
  })

  test('a choice is kept for the next pages', async () => {
    const agent = browser(app)
    await agent.get('/lessons?lang=en')
    expect((await agent.get('/lessons')).text).toContain('<html lang="en">')
  })

  test('the link to the other language keeps the place and its query', async () => {
    const { text } = await request(app).get('/lessons?topic=a%26b')
    expect(text).toContain('href="/lessons?topic=a%26b&amp;lang=en"')
  })
})

describe('when something goes wrong', () => {
  test('an error nobody expected shows a code, what is safe and nothing from inside', async () => {
    const { app, services } = site()
    services.host.lessons.published = () => Promise.reject(new Error('secret detail'))
    const { status, text } = await request(app).get('/')
    expect(status).toBe(500)
    expect(text).not.toContain('secret detail')
    expect(text).toMatch(/<code>[0-9a-f-]{36}<\/code>/)
    expect(services.reported).toHaveLength(1)
  })

  test('a store that cannot answer is a 503 that says when to come back', async () => {
    const { StorageUnavailable } = await import('../lrs/index.ts')
    const { app, services } = site()
    services.host.lessons.published = () => Promise.reject(new StorageUnavailable('disk full'))
    const { status, headers } = await request(app).get('/')
    expect(status).toBe(503)
    expect(headers['retry-after']).toBe('60')
  })

  test('a withdrawn lesson is 410, a broken address or body is a 4xx', async () => {
    const { app, services } = site({ full: true })
    services.lessonList[0]!.status = 'draft'
    expect((await request(app).get('/lessons/lesson-0')).status).toBe(410)
    expect((await request(app).get('/lessons/%E0%A4%A')).status).toBe(400)
    const body = await browser(app).post('/sign-in').type('form').send('a='.padEnd(200_000, 'x'))
    expect(body.status).toBe(413)
  })
})

test('a page has one primary action at most, one heading of the first level, and a title of its own', async () => {
  const { app } = site({ full: true })
  const agent = browser(app)
  await signIn(agent, 'author')
  const titles = new Set<string>()
  const paths = [
    '/',
    '/lessons',
    '/lessons/lesson-0',
    '/me',
    '/me/transcript',
    '/author',
    '/author/upload',
    '/author/lesson-0',
  ]
  for (const path of paths) {
    const { text } = await agent.get(path)
    expect(text.match(/class="button primary"/g)?.length ?? 0, path).toBeLessThanOrEqual(1)
    expect(text.match(/<h1/g), path).toHaveLength(1)
    titles.add(text.match(/<title>(.*?)<\/title>/)![1]!)
  }
  // The lesson's page and the page that changes it are both named after the lesson.
  expect(titles.size).toBe(paths.length - 1)
})

test('every page weighs at most 150 kB with all it loads, and reads without scripts', async () => {
  const { app } = site({ full: true })
  const agent = browser(app)
  await signIn(agent, 'citizen')
  const weights: Record<string, number> = {}
  for (const path of [
    '/',
    '/lessons',
    '/lessons/lesson-0',
    '/me/transcript',
    '/me/transcript/line-3',
    '/me',
  ]) {
    const { text } = await agent.get(path)
    let bytes = Buffer.byteLength(text)
    const urls = new Set([...text.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map(([, url]) => url!))
    for (const url of [...urls]) {
      const { body, text: content } = await agent.get(url).buffer(true)
      const loaded = content ?? body
      bytes += Buffer.byteLength(loaded)
      for (const [, font] of String(content ?? '').matchAll(/url\((\/assets\/[^)]+)\)/g)) {
        const answer = await agent.get(font!).responseType('blob')
        bytes += (answer.body as Buffer).length
      }
    }
    weights[path] = bytes
  }
  for (const [path, bytes] of Object.entries(weights)) {
    expect(bytes, path).toBeLessThanOrEqual(150_000)
    // The fonts were counted.
    expect(bytes, path).toBeGreaterThan(67_000 + 18_000)
  }
})

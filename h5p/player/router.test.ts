import { randomUUID } from 'node:crypto'
import request from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import { BRIDGE_CHANGES } from '../bridge/names.ts'
import { attempts, contentFiles, libraries } from '../collections.ts'
import { gatherLesson } from '../pack.ts'
import { scriptJson } from './script-json.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const HOUR = 60 * 60 * 1000
let world: HostWorld
beforeAll(async () => {
  world = await openHostWorld()
  await world.host.seed()
  // Its own end completes it, whatever its questions are.
  taken(await world.host.lessons.describe(LESSON, { completion: { by: 'last-page' } }))
  taken(await world.host.lessons.publish(LESSON, { by: 'product' }))
})
afterAll(() => world.close())

const LESSON = 'phan-loai-rac'
const play = async (person: string, lesson = LESSON) => taken(await world.host.play(lesson, person))
type Play = Awaited<ReturnType<typeof play>>
const said = (verb = 'answered', more: object = {}, id = randomUUID()) => ({
  id,
  at: new Date().toISOString(),
  statement: {
    actor: { mbox: 'mailto:forged@example.org' },
    verb: { id: ADL + verb },
    object: { id: `${world.url}/lessons/${LESSON}` },
    ...more,
  },
})
// biome-ignore lint/suspicious/noExplicitAny: tests look into what came back
type Answer = Record<string, any>
async function post(attempt: string, token: string, body: unknown) {
  const response = await fetch(`${world.url}/h5p/attempts/${attempt}/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}
const send = (of: Play, ...events: unknown[]) =>
  post(of.attempt.id, of.token, { events, sent: new Date().toISOString() })
const frame = async (of: Play) => {
  const response = await fetch(world.url + of.frameUrl)
  return { response, html: await response.text() }
}
const STATE = [{ dataType: 'state', subContentId: '0', data: '{"at":3}', preload: true, invalidate: false }]
const by = async (person: string) =>
  (await world.statements()).filter(
    (each) =>
      (each.actor as { account: { name: string } }).account.name === person &&
      (each.verb as { id: string }).id !== `${ADL}initialized`,
  )

describe('events come in by the attempt’s token alone', () => {
  test('they are stored in the person’s name, in order', async () => {
    const of = await play('p-order')
    const answer = await send(of, said('attempted'), said('answered'), said('completed'))
    expect(answer.body).toMatchObject({
      results: [{ status: 'folded' }, { status: 'stored' }, { status: 'folded' }],
      finished: true,
    })
    expect((await by('p-order')).map((each) => (each.verb as { id: string }).id)).toEqual([
      `${ADL}answered`,
      `${ADL}completed`,
    ])
  })

  test('a forged actor is refused, and counted', async () => {
    const of = await play('p-forger')
    const before = (await by('p-victim')).length
    await send(
      of,
      said('completed', { actor: { account: { homePage: world.accountHomePage, name: 'p-victim' } } }),
    )
    expect((await by('p-victim')).length).toBe(before)
    expect(await by('p-forger')).toEqual([])
    const refused = await world.host.refusals(1)
    expect(refused.find((each) => each.problem === 'h5p-event-actor-forged')?.count).toBe(1)
  })

  test('another lesson’s object is refused, the rest of the batch is kept', async () => {
    const of = await play('p-other')
    const object = { id: `${world.url}/lessons/phong-duoi-nuoc` }
    const { body } = await send(of, said('completed', { object }), said('answered'))
    expect(body.results).toMatchObject([
      { status: 'refused', problem: { id: 'h5p-event-object-foreign' } },
      { status: 'stored' },
    ])
    expect(body.finished).toBe(false)
    expect(await by('p-other')).toHaveLength(1)
  })

  test('somebody else’s token, the frame’s token, a changed one and none are refused', async () => {
    const mine = await play('p-mine')
    const theirs = await play('p-theirs')
    const frameToken = new URL(mine.frameUrl, world.url).searchParams.get('token')!
    const [expiry, mac] = mine.token.split('.') as [string, string]
    const later = (Number.parseInt(expiry, 36) + HOUR).toString(36)
    for (const token of [
      theirs.token,
      frameToken,
      `${later}.${mac}`,
      `${expiry}.`,
      'x',
      '',
      `${mine.token}x`,
    ]) {
      const { status, body } = await post(mine.attempt.id, token, { events: [said()] })
      expect(status).toBe(401)
      expect(body.problems).toMatchObject([{ id: 'h5p-token-invalid' }])
    }
    expect(await by('p-mine')).toEqual([])
  })

  test('an expired token is refused, a renewed one taken, and only the same person renews it', async () => {
    const of = await play('p-late')
    world.pass(3 * HOUR)
    expect(await send(of, said())).toMatchObject({
      status: 401,
      body: { problems: [{ id: 'h5p-token-expired' }] },
    })
    expect(await world.host.renew(of.attempt.id, 'p-else')).toMatchObject({ status: 403 })
    const { token } = taken(await world.host.renew(of.attempt.id, 'p-late'))
    expect((await post(of.attempt.id, token, { events: [said()] })).body.results).toMatchObject([
      { status: 'stored' },
    ])
    world.pass(15 * 24 * HOUR)
    expect(await world.host.renew(of.attempt.id, 'p-late')).toMatchObject({
      problems: [{ id: 'h5p-attempt-too-old' }],
    })
  })

  test('a token is good in another process on the same store', async () => {
    const again = await world.again()
    const { attempt, token } = taken(await again.play(LESSON, 'p-process'))
    expect((await post(attempt.id, token, { events: [said()] })).status).toBe(200)
  })

  test('the same id with the same content is taken again without effect, with other content refused', async () => {
    const of = await play('p-again')
    const event = said('answered', { result: { response: 'true' } })
    await send(of, event)
    expect((await send(of, event, said('completed'))).body.results).toMatchObject([
      { status: 'stored' },
      { status: 'folded' },
    ])
    expect(await by('p-again')).toHaveLength(2)
    const other = { ...event, statement: { ...event.statement, result: { response: 'false' } } }
    expect((await send(of, other)).body.results).toMatchObject([
      { status: 'refused', problem: { status: 409 } },
    ])
    expect(await by('p-again')).toHaveLength(2)
  })

  test('an attempt that floods the door waits; others, and who has no token, do not use up its share', async () => {
    const of = await play('p-flood')
    const statusOf = async (token: string) => (await post(of.attempt.id, token, { events: [] })).status
    for (let at = 0; at < 130; at++) expect(await statusOf('x')).toBe(401)
    const statuses = []
    for (let at = 0; at < 121; at++) statuses.push(await statusOf(of.token))
    expect(statuses).toEqual([...Array(120).fill(200), 429])
    const answer = await fetch(`${world.url}/h5p/attempts/${of.attempt.id}/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${of.token}` },
      body: '{}',
    })
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(await answer.json()).toMatchObject({ problems: [{ id: 'h5p-events-too-many' }] })
    expect((await send(await play('p-calm'), said())).status).toBe(200)
  })

  test('an event that was replaced its time when it first came is the same when it comes again', async () => {
    const of = await play('p-clock')
    const event = { ...said(), at: '2001-01-01T00:00:00Z' }
    await send(of, event)
    await new Promise((done) => setTimeout(done, 20))
    expect((await send(of, event)).body.results).toMatchObject([{ status: 'stored' }])
    expect(await by('p-clock')).toHaveLength(1)
  })

  test('a score that cannot be is left out, and that is said', async () => {
    const of = await play('p-999')
    await send(of, said('answered', { result: { score: { raw: 999, max: 1 }, completion: true } }))
    const [statement] = await by('p-999')
    expect(statement).toMatchObject({
      result: { completion: true },
      context: { extensions: { [BRIDGE_CHANGES]: ['result.score'] } },
    })
    expect(statement!.result as object).not.toHaveProperty('score')
  })

  test.each([
    ['broken JSON', '{', 400],
    ['no arrays', { events: 'x' }, 400],
    ['too many', { events: Array.from({ length: 51 }, () => ({})) }, 400],
    ['too large', { events: [{ x: 'x'.repeat(1_100_000) }] }, 413],
  ])('%s is refused with a reason', async (_name, body, status) => {
    const of = await play('p-bad')
    const answer = await post(of.attempt.id, of.token, body)
    expect(answer.status).toBe(status)
    expect(answer.body.problems[0].message).not.toBe('')
  })

  test('an event nested as deeply as a megabyte allows is refused like any other', async () => {
    const of = await play('p-deep')
    for (const depth of [60, 5_000, 450_000]) {
      const statement = JSON.stringify(said('answered', { result: { extensions: { 'http://x.org/y': 0 } } }))
      const deep = statement.replace(':0}', `:${'['.repeat(depth)}${']'.repeat(depth)}}`)
      const { status, body } = await post(of.attempt.id, of.token, `{"events":[${deep}]}`)
      expect(status, String(depth)).toBe(200)
      expect(body.results).toMatchObject([{ status: 'refused', problem: { id: 'h5p-event-too-deep' } }])
    }
    const fine = said('answered', { result: { extensions: { 'http://x.org/y': [[[[[[0]]]]]] } } })
    expect((await send(of, fine)).body.results).toMatchObject([{ status: 'stored' }])
  })

  test('events that are none are each refused', async () => {
    const of = await play('p-none')
    const { body } = await send(of, null, 7, {}, { id: 'x' }, { ...said(), statement: null })
    expect(body.results.map((each: { status: string }) => each.status)).toEqual(Array(5).fill('refused'))
    expect(await by('p-none')).toEqual([])
  })
})

describe('attempts', () => {
  test('opening the lesson again goes on with the attempt; after its end a new one starts, from the beginning', async () => {
    const first = await play('p-resume')
    expect(first.resumed).toBe(false)
    await post(first.attempt.id, first.token, { events: [said()], state: STATE })
    const second = await play('p-resume')
    expect(second).toMatchObject({ attempt: first.attempt, resumed: true })
    expect((await frame(second)).html).toContain('"contentUserData":{"0":{"state":"{\\"at\\":3}"}}')
    await send(second, said('completed'))
    const third = await play('p-resume')
    expect(third.attempt.id).not.toBe(first.attempt.id)
    expect(third.resumed).toBe(false)
    expect((await frame(third)).html).toContain('"contentUserData":{}')
  })

  test('state belongs to one person', async () => {
    const of = await play('p-state')
    const state = [{ dataType: 'state', subContentId: '0', data: '"mine"', preload: true, invalidate: false }]
    await post(of.attempt.id, of.token, { events: [], state })
    expect((await frame(await play('p-state'))).html).toContain('mine')
    expect((await frame(await play('p-stranger'))).html).toContain('"contentUserData":{}')
  })

  test('two pages opened at once share one attempt', async () => {
    const [a, b] = await Promise.all([play('p-twice'), play('p-twice')])
    expect(a.attempt).toEqual(b.attempt)
    const stored = await world.store.collections.scan(attempts, { limit: 1000 })
    expect(stored.docs.filter((each) => each.value.person === 'p-twice')).toHaveLength(1)
  })

  test('a draft is played by its author alone, and nothing of it is recorded', async () => {
    const lesson = taken(
      await world.upload(await world.zip(await gatherLesson(LESSON)), { person: 'p-author' }),
    )
    expect(await world.host.play(lesson.id, 'p-reader')).toMatchObject({
      problems: [{ id: 'lesson-not-published' }],
    })
    const of = await play('p-author', lesson.id)
    const event = said('completed', { object: { id: `${world.url}/lessons/${lesson.id}` } })
    expect((await send(of, event)).body.results).toMatchObject([{ status: 'preview' }])
    expect(await by('p-author')).toEqual([])
  })

  test('who looks at a draft begins at the beginning each time, and so does who then plays the published lesson', async () => {
    const lesson = taken(
      await world.upload(await world.zip(await gatherLesson(LESSON)), { person: 'p-writer' }),
    )
    for (let time = 0; time < 2; time++) {
      const preview = await play('p-writer', lesson.id)
      expect(preview).toMatchObject({ resumed: false, attempt: { version: 0 } })
      await post(preview.attempt.id, preview.token, { events: [], state: STATE })
      expect((await frame(preview)).html).toContain('"contentUserData":{}')
    }
    taken(await world.host.lessons.publish(lesson.id, { by: 'p-writer' }))
    const first = await play('p-writer', lesson.id)
    expect(first).toMatchObject({ resumed: false, attempt: { version: 1 } })
    expect((await frame(first)).html).toContain('"contentUserData":{}')
  })

  test('a draft is shown to who may see all of them', async () => {
    const lesson = taken(
      await world.upload(await world.zip(await gatherLesson(LESSON)), { person: 'p-author' }),
    )
    const of = taken(await world.host.play(lesson.id, 'p-operator', { mayPreview: true }))
    expect((await frame(of)).response.status).toBe(200)
    expect((await send(of, said())).body.results).toMatchObject([{ status: 'refused' }])
    expect(await by('p-operator')).toEqual([])
  })

  test('a learner may begin anew: another attempt, from the beginning, which the page of the first moves no more', async () => {
    const first = await play('p-anew')
    await post(first.attempt.id, first.token, { events: [said('interacted')], state: STATE })
    const second = taken(await world.host.play(LESSON, 'p-anew', { afresh: true }))
    expect(second.attempt.id).not.toBe(first.attempt.id)
    expect(second.resumed).toBe(false)
    await post(first.attempt.id, first.token, { events: [said()], state: STATE })
    const opened = await play('p-anew')
    expect(opened).toMatchObject({ attempt: second.attempt, resumed: false })
    await send(opened, said('completed'))
    const registrations = (await by('p-anew')).map((each) => (each.context as Answer).registration)
    expect(registrations).toEqual([first.attempt.id, first.attempt.id, second.attempt.id])
  })

  test('of a lesson that was removed is gone', async () => {
    const lesson = await world.publish(await world.zip(await gatherLesson(LESSON)))
    const of = await play('p-gone', lesson.id)
    await world.host.lessons.remove(lesson.id)
    expect((await send(of, said())).status).toBe(410)
    expect((await fetch(world.url + of.frameUrl)).status).toBe(410)
  })
})

describe('the frame’s page', () => {
  test('a title or parameter cannot end the script it stands in', async () => {
    const attack = '</script><script>window.attacked=1</script><!--'
    const files = new Map(await gatherLesson(LESSON))
    const manifest = JSON.parse(files.get('h5p.json')!.toString())
    files.set('h5p.json', Buffer.from(JSON.stringify({ ...manifest, title: attack })))
    const content = JSON.parse(files.get('content/content.json')!.toString())
    content.questions[0].params.explanation = attack
    files.set('content/content.json', Buffer.from(JSON.stringify(content)))
    const lesson = await world.publish(await world.zip(files))
    const { html } = await frame(await play('p-title', lesson.id))
    expect(html).toContain('attacked')
    expect(html).not.toContain('<script>window.attacked')
    expect(html.match(/<!--/g)).toBeNull()
    // What it stands for is unchanged; and without the escaping it would have ended the script.
    expect(JSON.parse(scriptJson({ attack }))).toEqual({ attack })
    expect(JSON.stringify({ attack })).toContain('</script>')
  })

  test('holds no token for events, no name and no address of the person', async () => {
    const of = await play('p-secret-person')
    const { html } = await frame(of)
    expect(html).not.toContain(of.token)
    expect(html).not.toContain('p-secret-person')
    expect(html).toContain('"user":{"name":"","mail":""}')
  })

  test('is sandboxed by its own policy, runs only scripts with its nonce or of ours, and is framed by us alone', async () => {
    const { response, html } = await frame(await play('p-policy'))
    const policy = response.headers.get('Content-Security-Policy')!
    expect(policy).toMatch(
      /^sandbox allow-scripts; default-src 'none'; script-src 'nonce-([\w+/=]+)' 'self';/,
    )
    expect(policy).toContain("frame-ancestors 'self'")
    expect(policy).toContain("base-uri 'self'")
    expect(policy).not.toMatch(/allow-same-origin|unsafe-eval|script-src[^;]*unsafe-inline/)
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    const scripts = html.match(/<script[^>]*>/g)!
    expect(
      scripts.filter((tag) => !/^<script src="\/h5p\/(?:client|joined|libraries)\/[^"]+">$/.test(tag)),
    ).toEqual([`<script nonce="${nonce}">`])
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Referrer-Policy')).toBe('no-referrer')
    expect((await frame(await play('p-policy'))).response.headers.get('Content-Security-Policy')).not.toBe(
      policy,
    )
  })

  test('opens by its own token for ten minutes, not by the token for events', async () => {
    const of = await play('p-frame')
    const other = `/h5p/frame/${of.attempt.id}?token=${of.token}`
    expect((await fetch(world.url + other)).status).toBe(401)
    expect((await fetch(`${world.url}/h5p/frame/${of.attempt.id}`)).status).toBe(401)
    world.pass(11 * 60 * 1000)
    expect((await fetch(world.url + of.frameUrl)).status).toBe(401)
  })
})

describe('files', () => {
  let kit: string
  let picture: { url: string; size: number }
  beforeEach(async () => {
    const { content } = (await world.host.lessons.get('phong-duoi-nuoc'))!.draft
    const [file] = (await world.store.collections.scan(contentFiles, { prefix: `${content}/`, limit: 1 }))
      .docs
    picture = { url: `${world.url}/h5p/content/${file!.key}`, size: file!.value.size }
    const { build } = (await world.store.collections.get(libraries, 'SuotDoi.Kit-1.0'))!.value
    kit = `/h5p/libraries/${build}/kit.js`
  })

  test('can be read by a page of opaque origin, and can run nothing when opened by themselves', async () => {
    for (const url of [picture.url, world.url + kit]) {
      const { headers } = await fetch(url)
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin')
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(headers.get('Content-Security-Policy')).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      )
    }
  })

  test('are kept for a year: what is under their address never changes', async () => {
    const cached = async (url: string) => (await fetch(url)).headers.get('Cache-Control')
    expect(await cached(picture.url)).toBe('private, max-age=31536000, immutable')
    expect(await cached(world.url + kit)).toBe('public, max-age=31536000, immutable')
  })

  test('are not sent again when they are known', async () => {
    const { headers } = await fetch(picture.url)
    // Node's fetch asks caches for a fresh copy whenever it is given this header; browsers do not.
    const { pathname } = new URL(picture.url)
    await request(world.url).get(pathname).set('If-None-Match', headers.get('ETag')!).expect(304)
    await request(world.url).get(pathname).set('If-None-Match', '"other"').expect(200)
  })

  test('are sent in byte ranges, as video needs', async () => {
    const whole = new Uint8Array(await (await fetch(picture.url)).arrayBuffer())
    expect(whole.length).toBe(picture.size)
    for (const [range, start, end] of [
      ['bytes=0-9', 0, 9],
      ['bytes=10-', 10, picture.size - 1],
      ['bytes=-5', picture.size - 5, picture.size - 1],
    ] as const) {
      const part = await fetch(picture.url, { headers: { Range: range } })
      expect(part.status).toBe(206)
      expect(part.headers.get('Content-Range')).toBe(`bytes ${start}-${end}/${picture.size}`)
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.slice(start, end + 1))
    }
    const beyond = await fetch(picture.url, { headers: { Range: `bytes=${picture.size}-` } })
    expect(beyond.status).toBe(416)
    expect(beyond.headers.get('Content-Range')).toBe(`bytes */${picture.size}`)
  })

  test('are found only by the names under which they were stored', async () => {
    const content = new URL(picture.url).pathname.split('/').slice(0, 4).join('/')
    for (const path of [
      ...['content.json', '..%2f..%2fpackage.json', 'images%2f..%2f..%2fx'].map(
        (path) => `${content}/${path}`,
      ),
      ...['library.json', '..%2fx.js', 'toString', '__proto__'].map((path) => kit.replace('kit.js', path)),
      '/h5p/libraries/SuotDoi.Kit-1.0/kit.js',
      '/h5p/core/x/h5p.css',
    ])
      expect((await fetch(world.url + path)).status, path).toBe(404)
  })

  test('of a draft or a withdrawn lesson are opened by an attempt alone, its own lesson’s, while its token lasts', async () => {
    const lesson = taken(
      await world.upload(await world.zip(await gatherLesson('phong-duoi-nuoc')), { person: 'p-files' }),
    )
    const { content } = lesson.draft
    const [file] = (await world.store.collections.scan(contentFiles, { prefix: `${content}/`, limit: 1 }))
      .docs
    const open = `${world.url}/h5p/content/${file!.key}`
    const status = async (url: string) => (await fetch(url)).status
    expect(await status(open)).toBe(404)
    const { html } = await frame(await play('p-files', lesson.id))
    const [, base] = /"contentUrl":"([^"]+)"/.exec(html)!
    const [, url] = /"url":"(\/h5p\/attempts[^"]+)"/.exec(html)!
    expect(base).toBe(`${url}/content/${content}`)
    const behind = `${world.url}${url}/content/`
    const { status: found, headers } = await fetch(behind + file!.key)
    expect(found).toBe(200)
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(await status(behind + new URL(picture.url).pathname.slice('/h5p/content/'.length))).toBe(404)
    expect(await status((behind + file!.key).replace(/\/attempts\/.{36}/, `/attempts/${randomUUID()}`))).toBe(
      401,
    )
    taken(await world.host.lessons.describe(lesson.id, {}))
    taken(await world.host.lessons.publish(lesson.id, { by: lesson.author }))
    expect(await status(open)).toBe(200)
    taken(await world.host.lessons.unpublish(lesson.id))
    expect(await status(open)).toBe(404)
    world.pass(3 * HOUR)
    expect(await status(behind + file!.key)).toBe(401)
  })

  test('the answers in a lesson’s parameters have no address of their own', async () => {
    expect((await fetch(`${world.url}/h5p/params/${LESSON}`)).status).toBe(404)
    expect((await fetch(`${world.url}/h5p/download/${LESSON}`)).status).toBe(404)
  })
})

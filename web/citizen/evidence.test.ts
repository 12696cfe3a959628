import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { expect, test, vi } from 'vitest'
import { refuse } from '../../lrs/index.ts'
import { dayOf, EVIDENCE_LIMITS } from '../../profiles/index.ts'
import { browser, signIn, site } from '../testing/site.ts'

const PDF = Buffer.from('%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n')
const picture = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#0b6350' } })
    .withExif({ IFD0: { Copyright: 'bí mật' } })
    .jpeg()
    .toBuffer()
const WORDS = { what: 'Cách ủ phân từ rơm', minutes: '30', did: 'hanh', day: dayOf(Date.now()) }

async function citizen(who = 'citizen', made = site()) {
  const agent = browser(made.app)
  await signIn(agent, who)
  const write = (file?: { content: Buffer; name: string; type: string }, fields: object = {}) => {
    const sending = agent.post('/me/diary/new').field({ ...WORDS, ...fields })
    return file
      ? sending.attach('evidence', file.content, { filename: file.name, contentType: file.type })
      : sending
  }
  const entry = async () =>
    (await agent.get('/me/diary')).text.match(/href="(\/me\/diary\/[0-9a-f-]{36})"/)?.[1] ?? ''
  const shown = async (path: string) =>
    [...(await agent.get(path)).text.matchAll(/\/me\/evidence\/[0-9a-f-]{36}(?=\/remove")/g)].map(
      ([at]) => at,
    )
  const left = () => readdir(made.services.uploadDir).catch(() => [])
  return { ...made, agent, write, entry, shown, left }
}
const jpeg = async () => ({ content: await picture(), name: 'rơm.jpg', type: 'image/jpeg' })

test('a photo sent with an entry stands with it, drawn anew, and nothing of the upload is left', async () => {
  const { agent, write, entry, shown, left } = await citizen()
  expect((await write(await jpeg())).headers.location).toBe('/me/transcript')
  const [photo] = await shown(await entry())
  const answer = await agent.get(photo!)
  expect(answer.headers).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  })
  expect((await sharp(answer.body).metadata()).exif).toBeUndefined()
  expect((await agent.get(`${photo}/preview`)).headers['content-type']).toBe('image/webp')
  expect(await left()).toEqual([])
})

test('a PDF is only ever downloaded, whatever it was called', async () => {
  const { agent, write, entry, shown } = await citizen()
  await write({ content: PDF, name: 'x.html', type: 'text/html' })
  const [file] = await shown(await entry())
  const { headers } = await agent.get(file!)
  expect(headers['content-type']).toBe('application/pdf')
  expect(headers['content-disposition']).toMatch(/^attachment; filename="bang-chung-[\d-]+\.pdf"$/)
  expect((await agent.get(`${file}/preview`)).status).toBe(404)
})

test('a file that is refused says what to do, loses no word, and leaves nothing', async () => {
  const { services, write, left } = await citizen()
  const { status, text } = await write({ content: Buffer.from('<html>'), name: 'x.jpg', type: 'image/jpeg' })
  expect(status).toBe(415)
  expect(text).toContain('Đây không phải ảnh (JPEG, PNG, WebP) hay PDF')
  expect(text).toContain('value="Cách ủ phân từ rơm"')
  const large = await write({
    content: Buffer.alloc(EVIDENCE_LIMITS.fileBytes + 1),
    name: 'x.jpg',
    type: 'image/jpeg',
  })
  expect(large.status).toBe(413)
  expect(large.text).toContain('value="Cách ủ phân từ rơm"')
  const again = await write(await jpeg(), { did: '' })
  expect(again.text).toContain('Hãy chọn lại ảnh hoặc tệp')
  expect(services.diaryStatements).toEqual([])
  expect(await left()).toEqual([])
})

test('more are added on the entry’s page, at most five, and removed after a question', async () => {
  const { agent, write, entry, shown } = await citizen()
  await write()
  const path = await entry()
  const add = (content: Buffer) =>
    agent.post(`${path}/evidence`).attach('evidence', content, { filename: 'a.pdf', contentType: 'x/y' })
  expect((await agent.post(`${path}/evidence`).field({ x: '1' })).text).toContain('Hãy chọn một ảnh hoặc tệp')
  for (let at = 0; at < 5; at++) expect((await add(PDF)).headers.location).toBe(path)
  expect((await agent.get(path)).text).toContain('Đã đủ 5 tệp')
  expect((await add(PDF)).status).toBe(409)
  const [first] = await shown(path)
  expect((await agent.get(`${first}/remove`)).text).toContain('không lấy lại được')
  expect((await agent.post(`${first}/remove`)).headers.location).toBe(path)
  expect((await agent.get(first!)).status).toBe(404)
  expect(await shown(path)).toHaveLength(4)
})

test('with its entry it is gone; another never sees, adds or removes', async () => {
  const mine = await citizen()
  await mine.write(await jpeg())
  const path = await mine.entry()
  const [photo] = await mine.shown(path)
  const other = (await citizen('author', mine)).agent
  for (const answer of [
    await other.get(photo!),
    await other.get(`${photo}/preview`),
    await other.get(`${photo}/remove`),
    await other.post(`${photo}/remove`),
    await other.post(`${path}/evidence`).attach('evidence', PDF, 'a.pdf'),
  ])
    expect(answer.status).toBe(404)
  expect((await browser(mine.app).get(photo!)).status).toBe(303)
  expect((await mine.agent.get(`${path}/remove`)).text).toContain('1 ảnh hoặc tệp kèm theo')
  await mine.agent.post(`${path}/remove`)
  expect((await mine.agent.get(photo!)).status).toBe(404)
})

test('a form that is cut off keeps nothing', async () => {
  const { agent, services } = await citizen()
  const body = '--x\r\nContent-Disposition: form-data; name="what"\r\n\r\nCách ủ phân'
  const answer = await agent
    .post('/me/diary/new')
    .set('Content-Type', 'multipart/form-data; boundary=x')
    .send(body)
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('Tệp chưa tới đủ')
  expect(services.diaryStatements).toEqual([])
})

test('of two who were found to be one, all is theirs: seen, changed and removed, until that is undone', async () => {
  const mine = await citizen('author')
  await mine.write(await jpeg())
  const path = await mine.entry()
  const [photo] = await mine.shown(path)
  const { agent } = await citizen('citizen', mine)
  const answers = async () =>
    (await Promise.all([agent.get(path), agent.get(photo!)])).map(({ status }) => status)
  expect(await answers()).toEqual([404, 404])
  const merge = await mine.services.merges.merge({ from: 'operator', into: 'citizen', by: 'op', reason: 'x' })
  if ('ok' in merge) throw new Error(JSON.stringify(merge))
  merge.from = 'author'
  expect(await answers()).toEqual([200, 200])
  expect((await agent.post(`${photo}/remove`)).headers.location).toBe(path)
  expect((await agent.post(`${path}/remove`)).headers.location).toBe('/me/diary')
  expect(await answers()).toEqual([404, 404])
  await mine.write(await jpeg())
  await mine.services.merges.undo({ from: 'author', by: 'op', reason: 'x' })
  expect((await agent.get(await mine.entry())).status).toBe(404)
})

test('who sends file after file has to wait, whatever becomes of them, and others have not', async () => {
  const { app, write } = await citizen()
  const wrong = { content: Buffer.from('<html>'), name: 'x.jpg', type: 'image/jpeg' }
  // Forms without a file are counted by nobody.
  for (let times = 0; times < 41; times++) await write(undefined, { did: '' })
  for (let times = 0; times < 20; times++) expect((await write(wrong)).status).toBe(415)
  for (let times = 0; times < 20; times++) await write({ content: PDF, name: 'a.pdf', type: 'x/y' })
  const { status, text } = await write(await jpeg())
  expect(status).toBe(429)
  expect(text).toContain('15 phút')
  const other = browser(app)
  await signIn(other, 'author')
  expect((await other.post('/me/diary/new').field(WORDS)).status).toBe(303)
})

test('a photo is not drawn for words that are refused, nor by a form that has no field for it', async () => {
  const { agent, services, write, entry } = await citizen()
  const read = vi.spyOn(services.evidence, 'read')
  expect((await write(await jpeg(), { did: '' })).status).toBe(400)
  await agent
    .post('/me/certificates/new')
    .field({ name: '', issuer: 'Sở', day: WORDS.day, number: '' })
    .attach('evidence', await picture(), 'a.jpg')
  await write()
  await agent
    .post(await entry())
    .field({ ...WORDS, what: 'Lời mới' })
    .attach('evidence', await picture(), 'a.jpg')
  expect(read).not.toHaveBeenCalled()
  expect((await agent.get('/me/diary')).text).toContain('Lời mới')
})

test('while many photos wait it says when to come again, and loses no word', async () => {
  const { services, write } = await citizen()
  const problem = { id: 'evidence-busy', status: 503, message: '' }
  services.evidence.read = async () => refuse(problem)
  const { status, text, headers } = await write(await jpeg())
  expect([status, headers['retry-after']]).toEqual([503, '60'])
  expect(text).toContain('Hãy thử lại sau một phút')
  expect(text).toContain('value="Cách ủ phân từ rơm"')
  expect(services.diaryStatements).toEqual([])
})

test('what cannot be read is an error page, and says nothing of a file', async () => {
  const { agent, services, write, entry, shown } = await citizen()
  await write(await jpeg())
  const [photo] = await shown(await entry())
  const { open } = services.evidence
  services.evidence.open = async (...asked) => {
    const found = await open(...asked)
    const content = new Readable({ read: (): void => void content.destroy(new Error('away')) })
    return found && { ...found, content }
  }
  const { status, headers, text } = await agent.get(photo!)
  expect(status).toBe(500)
  expect(headers['content-type']).toContain('text/html')
  expect(headers['content-disposition']).toBeUndefined()
  expect(Number(headers['content-length'] ?? Buffer.byteLength(text))).toBe(Buffer.byteLength(text))
})

import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen() {
  const made = site()
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  return { ...made, agent }
}
const READY = {
  state: 'ready',
  asked: Date.now(),
  done: 9,
  total: 9,
  size: 3,
  until: Date.now() + 6e8,
} as const

test('it is asked for by a press, followed while it is made, with and without scripts, and taken along', async () => {
  const { agent, services } = await citizen()
  expect((await agent.get('/me/archive')).text).toContain('Tạo tệp của tôi')
  expect(services.archiveList.size).toBe(0)
  expect((await agent.post('/me/archive')).headers.location).toBe('/me/archive')
  const { text } = await agent.get('/me/archive')
  expect(text).toContain('data-live="/me/archive/live"')
  expect(text).toContain('Xem lại')
  services.archiveList.set('citizen', {
    ...READY,
    state: 'making',
    done: 3,
    total: 4,
    size: null,
    until: null,
  })
  const { state } = (await agent.get('/me/archive/live')).body
  expect(state).toContain('3 mục')
  expect(state).toContain('value="0.75"')
  services.archiveList.set('citizen', READY)
  expect((await agent.get('/me/archive')).text).toContain('Tệp đã sẵn sàng')
  const file = await agent.get('/me/archive/file').buffer()
  expect(file.headers).toMatchObject({
    'content-type': 'application/zip',
    'cache-control': 'no-store',
    'content-length': '3',
    'content-disposition': expect.stringMatching(
      /^attachment; filename="ho-so-hoc-tap-\d{4}-\d\d-\d\d\.zip"$/,
    ),
  })
})

test('it can be removed, and a file that is gone leads back to the page', async () => {
  const { agent, services } = await citizen()
  services.archiveList.set('citizen', READY)
  await agent.post('/me/archive/remove')
  expect(services.archiveList.size).toBe(0)
  expect((await agent.get('/me/archive/file')).headers.location).toBe('/me/archive')
})

test('one that failed says that nothing is lost and can be asked for again', async () => {
  const { agent, services } = await citizen()
  services.archiveList.set('citizen', { ...READY, state: 'failed', size: null, until: null })
  const { text } = await agent.get('/me/archive')
  expect(text).toContain('Chưa tạo được tệp')
  expect(text).toContain('Tạo lại tệp mới')
})

test('nobody sees or takes what is another’s', async () => {
  const { app, services } = await citizen()
  services.archiveList.set('citizen', READY)
  const other = browser(app)
  await signIn(other, 'author')
  expect((await other.get('/me/archive/file')).headers.location).toBe('/me/archive')
  expect((await other.get('/me/archive')).text).toContain('Tạo tệp của tôi')
  for (const path of ['/me/archive', '/me/archive/live', '/me/archive/file'])
    expect((await browser(app).get(path)).headers.location).toContain('/sign-in')
})

import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { browser, ORIGIN, signIn, site } from './testing/site.ts'

test('a word for the next page is there as soon as the browser is sent on, and gone with the page after', async () => {
  const { app, services } = site({ full: true })
  const signedIn = await signIn(browser(app), 'author')
  const [cookie] = signedIn
    .get('Set-Cookie')!
    .find((each) => each.startsWith('session='))!
    .split(';')
  const { replace } = services.collections
  services.collections.replace = async (...args) => {
    await pause(100)
    return replace(...args)
  }
  const server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  /** Resolves when the headers are there, as a browser follows them. */
  const send = (method: string, path: string) =>
    new Promise<IncomingMessage>((done, failed) => {
      const headers = { Cookie: cookie, Origin: ORIGIN }
      request({ host: '127.0.0.1', port, method, path, headers }, done).on('error', failed).end()
    })
  const text = async (answer: IncomingMessage) => (await answer.setEncoding('utf8').toArray()).join('')
  try {
    const draft = services.lessonList.find((lesson) => lesson.status === 'draft')!
    const done = await send('POST', `/author/${draft.id}/publish`)
    expect(done.statusCode).toBe(303)
    const first = await send('GET', done.headers.location!)
    const second = await send('GET', done.headers.location!)
    expect(await text(first)).toContain('class="toast"')
    expect(await text(second)).not.toContain('class="toast"')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

import { afterEach, describe, expect, test } from 'vitest'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
afterEach(() => product.stop())

/** Code that the product runs in itself when it gets SIGUSR2: a bug that nothing catches. */
const withBug = (bug: string) => [
  '--import',
  `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${bug} })`)}`,
]
const readyNow = async () => {
  const answer = await fetch(`${product.internalUrl}/health/ready`)
  return answer.status
}

describe('a bug that nothing catches', () => {
  test.each([
    ['an exception', `throw Object.assign(new Error('a bug'), { person: 'Nguyễn Văn An' })`],
    ['a rejection', `Promise.reject(Object.assign(new Error('a bug'), { person: 'Nguyễn Văn An' }))`],
  ])('%s is logged once, without what hangs on it, and ends the process', async (_, bug) => {
    product = await startProduct({ nodeFlags: withBug(bug) })
    process.kill(product.pid, 'SIGUSR2')
    expect(await product.ended).toBe(70)
    const lines = product
      .logged()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.filter(({ level }) => level === 60)).toMatchObject([
      { msg: 'crashed', err: { type: 'Error', message: 'a bug' } },
    ])
    expect(product.logged()).not.toContain('Nguyễn')
  })

  test('the next start finds all that was acknowledged', async () => {
    product = await startProduct({ nodeFlags: withBug(`throw new Error('a bug')`) })
    const { credential } = product
    const headers = {
      Authorization: `Basic ${Buffer.from(`${credential.key}:${credential.secret}`).toString('base64')}`,
      'Content-Type': 'text/plain',
      'X-Experience-API-Version': '2.0.0',
    }
    const path = '/xapi/activities/profile?activityId=https://a.example&profileId=p'
    const put = await fetch(`${product.url}${path}`, {
      method: 'PUT',
      headers: { ...headers, 'If-None-Match': '*' },
      body: 'kept',
    })
    expect(put.status).toBe(204)
    process.kill(product.pid, 'SIGUSR2')
    await product.ended
    product = await startProduct({ dataDir: product.dataDir })
    expect(await (await fetch(`${product.url}${path}`, { headers })).text()).toBe('kept')
  })
})

describe('who reads the log', () => {
  test('and goes away, or is stuck with a full pipe, does not stop the server, nor its stop', async () => {
    for (const logReader of ['gone', 'stuck'] as const) {
      product = await startProduct({ logReader })
      // Some 300 bytes a line: the pipe of 64 kB is full after a while.
      for (let round = 0; round < 40; round++)
        await Promise.all(
          Array.from({ length: 20 }, () => fetch(`${product.url}/sign-in`).then((answer) => answer.text())),
        )
      expect(await readyNow(), logReader).toBe(200)
      const begun = performance.now()
      process.kill(product.pid, 'SIGTERM')
      expect(await product.ended, logReader).toBe(0)
      expect(performance.now() - begun, logReader).toBeLessThan(5_000)
    }
  }, 60_000)
})

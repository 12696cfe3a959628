import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'

// A browser's module, which this side's types know nothing of.
const { newQueue, sendSome } = await import(join(import.meta.dirname, 'client', 'queue.ts'))

const event = (id: string) => ({ event: { id, at: '', statement: {} }, key: Promise.resolve(null) })

afterEach(() => vi.unstubAllGlobals())

test('what was sent is let go, and not what came before it meanwhile', async () => {
  const queue = newQueue({ attempt: 'a', owner: '', title: '', renew: '' }, 'token')
  queue.events.push(event('now'))
  let answer: (response: Response) => void = () => {}
  vi.stubGlobal('fetch', () => new Promise<Response>((done) => (answer = done)))
  const sending = sendSome(queue)
  queue.events.unshift(event('before'))
  answer(Response.json({ results: [], finished: false }))
  expect(await sending).toMatchObject({ kind: 'sent' })
  expect(queue.events.map(({ event: { id } }: ReturnType<typeof event>) => id)).toEqual(['before'])
})

test('what the server refuses is let go; what something between refuses is kept', async () => {
  const queue = newQueue({ attempt: 'a', owner: '', title: '', renew: '' }, 'token')
  queue.events.push(event('one'))
  vi.stubGlobal('fetch', async () => new Response('<html>', { status: 403 }))
  expect(await sendSome(queue)).toEqual({ kind: 'later' })
  expect(queue.events).toHaveLength(1)
  const problem = { id: 'h5p-attempt-gone', status: 410, message: '' }
  vi.stubGlobal('fetch', async () => Response.json({ problems: [problem] }, { status: 410 }))
  expect(await sendSome(queue)).toEqual({ kind: 'refused', problem })
  expect(queue.events).toEqual([])
})

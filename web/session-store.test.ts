import type { SessionData, Store } from 'express-session'
import { afterEach, expect, test, vi } from 'vitest'
import { SESSION_MS, SHARED_SESSION_MS, sessionStore, sessions } from './session-store.ts'
import { memoryCollections } from './testing/collections.ts'

const data = (change: Partial<SessionData> = {}) =>
  ({ cookie: { originalMaxAge: null }, ...change }) as unknown as SessionData
const get = (store: Store, id: string) =>
  new Promise<SessionData | null | undefined>((done, fail) =>
    store.get(id, (error, found) => (error ? fail(error) : done(found))),
  )
const run = (act: (done: (error?: unknown) => void) => void) =>
  new Promise<void>((done, fail) => act((error) => (error ? fail(error) : done())))

afterEach(() => vi.useRealTimers())

test('a session is found by its id and is gone when destroyed', async () => {
  const store = sessionStore(memoryCollections())
  await run((done) => store.set('a', data({ toast: { message: 'x' } }), done))
  expect((await get(store, 'a'))?.toast).toEqual({ message: 'x' })
  expect(await get(store, 'b')).toBeNull()
  await run((done) => store.destroy('a', done))
  expect(await get(store, 'a')).toBeNull()
})

test('the store never holds the id itself', async () => {
  const collections = memoryCollections()
  await run((done) => sessionStore(collections).set('secret-id', data(), done))
  expect(await collections.get(sessions, 'secret-id')).toBeNull()
})

test('a session on a shared device ends after fifteen idle minutes, another after thirty days', async () => {
  vi.useFakeTimers()
  const store = sessionStore(memoryCollections())
  await run((done) => store.set('own', data(), done))
  await run((done) => store.set('shared', data({ shared: true }), done))
  vi.advanceTimersByTime(SHARED_SESSION_MS - 1000)
  const read = (await get(store, 'shared'))!
  await run((done) => store.touch!('shared', read, done))
  vi.advanceTimersByTime(SHARED_SESSION_MS - 1000)
  expect(await get(store, 'shared')).not.toBeNull()
  vi.advanceTimersByTime(2000)
  expect(await get(store, 'shared')).toBeNull()
  expect(await get(store, 'own')).not.toBeNull()
  vi.advanceTimersByTime(SESSION_MS)
  expect(await get(store, 'own')).toBeNull()
})

test('a session that its owner ended from elsewhere is not brought back by a request that was under way', async () => {
  const store = sessionStore(memoryCollections())
  await run((done) => store.set('a', data(), done))
  const read = (await get(store, 'a'))!
  await run((done) => store.destroy('a', done))
  await run((done) => store.set('a', { ...read, toast: { message: 'x' } }, done))
  await run((done) => store.touch!('a', { ...read, written: 0 }, done))
  expect(await get(store, 'a')).toBeNull()
})

test('a failing store is told to the caller', async () => {
  const broken = { ...memoryCollections(), get: () => Promise.reject(new Error('down')) }
  await expect(get(sessionStore(broken), 'a')).rejects.toThrow('down')
})

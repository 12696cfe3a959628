import { MongoServerError } from 'mongodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StorageUnavailable } from '../port.ts'
import { type Connection, runAgainOnDuplicate } from './connect.ts'
import type { Gate, Ticket } from './gate.ts'
import { inOrder } from './in-order.ts'
import type { Schema } from './schema.ts'

const TRY_MS = 3_000
const taken = new MongoServerError({ message: 'E11000 duplicate key', code: 11_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Each try takes its time and finds that somebody was first. */
async function othersFirst(): Promise<never> {
  vi.advanceTimersByTime(TRY_MS)
  throw taken
}

test('a unit whose ids others take again and again is an outage once nobody waits any more, with its tickets closed', async () => {
  let open = 0
  let drawn = 0
  const ticket = {
    settle: async () => {
      open--
      return false
    },
  } as Partial<Ticket> as Ticket
  const gate = {
    async open() {
      open++
      drawn++
      return ticket
    },
    clear: async () => {},
  } as Partial<Gate> as Gate
  const connection = {
    transact: (work: (session: never) => Promise<unknown>) => work(undefined as never),
  } as Partial<Connection> as Connection
  const began = performance.now()
  const written = inOrder(connection, {} as Schema, gate, 1, othersFirst)
  await expect(written).rejects.toThrow(StorageUnavailable)
  await expect(written).rejects.toThrow('others were first for too long')
  expect(performance.now() - began).toBeGreaterThanOrEqual(20_000)
  expect(drawn).toBeGreaterThan(5)
  expect(open).toBe(0)
})

test('a single write is tried again until nobody waits any more, and other failures are told at once', async () => {
  const began = performance.now()
  await expect(runAgainOnDuplicate(othersFirst)).rejects.toThrow('others were first for too long')
  expect(performance.now() - began).toBeGreaterThanOrEqual(20_000)
  const other = new Error('something else')
  await expect(runAgainOnDuplicate(() => Promise.reject(other))).rejects.toBe(other)
})

import { afterAll, beforeAll, expect } from 'vitest'
import type { Scope } from '../../../lrs/caller.ts'
import type { Version } from '../../../lrs/statement/types.ts'
import { type Client, createClient } from './client.ts'
import { type RunningLrs, startLrs } from './lrs.ts'

/** Small, so that a test can pass them quickly. */
const LIMITS = { statementsBytes: 1_000_000, documentBytes: 500_000 }

let running: RunningLrs | undefined

beforeAll(async () => {
  running = await startLrs(LIMITS)
})
afterAll(async () => {
  await running?.close()
  expect(running?.errors ?? ['the server did not start'], 'errors inside the server').toEqual([])
})

/** The server of this test file. */
export function lrs(): RunningLrs {
  if (!running) throw new Error('the server runs only while tests do')
  return running
}

/** A client with scope `all`. */
export function clientOf(version: Version): Client {
  return createClient(lrs().endpoint, version, lrs())
}

/** A client with fewer scopes, of the same source or of another. */
export async function clientWith(
  version: Version,
  scopes: readonly Scope[],
  of: 'same' | 'other' = 'same',
): Promise<Client> {
  return createClient(lrs().endpoint, version, await lrs().issue(scopes, of))
}

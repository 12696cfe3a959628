import { expect, test } from 'vitest'
import { createPool } from './pool.ts'

/** A thread that takes calls and never answers. */
const SILENT = new URL('data:text/javascript,process.on("message", () => {})')
const call = {
  read: {
    place: { path: '', kind: 'system' as const, blobs: '' },
    now: 0,
    name: 'statements.query' as const,
    args: [],
  },
}

test('lists that take long hold up nobody who looks up a document or an activity', () => {
  const pool = createPool(SILENT)
  for (let list = 0; list < 20; list++)
    pool
      .least('statements.query')
      .call(call)
      .catch(() => {})
  expect(pool.least('statements.query').waiting).toBeGreaterThan(1)
  for (const name of ['documents.get', 'collections.getMany', 'activities.get'] as const)
    expect(pool.least(name).waiting).toBe(0)
})

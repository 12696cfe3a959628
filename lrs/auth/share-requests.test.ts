import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSqlite } from '../storage/sqlite/index.ts'
import { createRequestLog } from './request-log.ts'
import { shareRequests } from './share-requests.ts'
import type { RequestNote } from './sources.ts'

const note = (source: string, at: number): RequestNote => ({
  at,
  source,
  credential: 'key',
  method: 'GET',
  path: '/xapi/statements',
  status: 200,
  problems: [],
  statements: 0,
  userAgent: '',
})

test('requests of every process are in every log once, newest first, also of a source that sends little beside a busy one', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'requests-'))
  const storage = await openSqlite({ directory })
  const [one, two] = [1, 2].map(() => shareRequests(createRequestLog(), storage.system, { every: 20 }))
  const times = (log: typeof one, source: string) => log!.recent(source).map(({ at }) => at)

  one!.note(note('quiet', 1))
  two!.note(note('quiet', 2))
  for (const log of [one, two]) await expect.poll(() => times(log, 'quiet')).toEqual([2, 1])

  for (let at = 0; at < 10_000; at++) one!.note(note('busy', at))
  one!.note(note('quiet', 3))
  for (let at = 0; at < 1_000; at++) one!.note(note('busy', 10_000 + at))
  await expect.poll(() => times(two, 'quiet')).toEqual([3, 2, 1])
  expect(times(two, 'busy')).toEqual([10_999, 10_998, 10_997, 10_996, 10_995])
  // It is told again, and heard once.
  await pause(150)
  expect(times(two, 'quiet')).toEqual([3, 2, 1])

  await Promise.all([one!.stop(), two!.stop()])
  await storage.close()
  await rm(directory, { recursive: true })
})

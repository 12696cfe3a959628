import { expect, test } from 'vitest'
import { createRequestLog } from './request-log.ts'
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

test('the last 50 requests of a source are there, newest first, and nobody else’s', () => {
  const log = createRequestLog()
  for (let at = 0; at < 60; at++) log.note(note('one', at))
  log.note(note('two', 100))
  expect(log.recent('one').map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, at) => 59 - at))
  expect(log.recent('two')).toHaveLength(1)
  expect(log.recent('three')).toEqual([])
})

test('the source that was silent longest is forgotten first', () => {
  const log = createRequestLog()
  log.note(note('silent', 0))
  log.note(note('busy', 0))
  for (let at = 0; at < 999; at++) {
    log.note(note(`source ${at}`, at))
    log.note(note('busy', at))
  }
  expect(log.recent('silent')).toEqual([])
  expect(log.recent('busy')).toHaveLength(50)
})

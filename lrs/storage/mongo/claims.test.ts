import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { idOf, recordOf } from '../../../tests/contract/support/records.ts'
import type { StatementRecord } from '../port.ts'
import { createClaims } from './claims.ts'
import { namesOf } from './names.ts'

const defining = (id: string, text: string) => recordOf(id, { definitions: [{ activity: 'a', text }] })

/** Whether it has to wait for who was first. */
async function waits(
  claims: ReturnType<typeof createClaims>,
  first: StatementRecord,
  second: StatementRecord,
): Promise<boolean> {
  const held = await claims.take([first])
  let isTaken = false
  const taking = claims.take([second]).then((claim) => {
    isTaken = true
    claim.release(true)
  })
  await setImmediate()
  const hadTo = !isTaken
  held.release(true)
  await taking
  return hadTo
}

test('who makes what another one is making waits until that one has ended', async () => {
  const claims = createClaims(namesOf('t'))
  expect(await waits(claims, defining('1', 'x'), defining('2', 'x'))).toBe(true)
})

test('what is there already is not waited for, until it changes', async () => {
  const claims = createClaims(namesOf('t'))
  const claim = await claims.take([defining('1', 'x')])
  claim.release(true)
  expect(await waits(claims, defining('2', 'x'), defining('3', 'x'))).toBe(false)
  expect(await waits(claims, defining('4', 'longer'), defining('5', 'longer'))).toBe(true)
})

test('what came to nothing is not taken for being there', async () => {
  const claims = createClaims(namesOf('t'))
  const claim = await claims.take([defining('1', 'x')])
  claim.release(false)
  expect(await waits(claims, defining('2', 'x'), defining('3', 'x'))).toBe(true)
})

test('referrers of one statement wait for each other, however often', async () => {
  const claims = createClaims(namesOf('t'))
  const refer = (id: string) => recordOf(id, { refersTo: idOf('target') })
  expect(await waits(claims, refer('1'), refer('2'))).toBe(true)
  expect(await waits(claims, refer('3'), refer('4'))).toBe(true)
})

test('statements that have nothing in common do not wait', async () => {
  const claims = createClaims(namesOf('t'))
  expect(await waits(claims, recordOf('1'), recordOf('2'))).toBe(false)
})

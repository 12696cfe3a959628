import { expect, test } from 'vitest'
import { createGate, type Place } from './gate.ts'
import { Refused } from './refused.ts'

const gateOf = () =>
  createGate({
    requestsAtOnce: 10,
    bodyBytesAtOnce: 1_000,
    weightAlone: 100,
    weightShared: 10,
    activeMs: 1_000,
    largeAtOnce: 2,
  })

function refusalOf(act: () => unknown): number | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof Refused) return error.problem.status
    throw error
  }
}

test('one source has half of the places at most and then gets 429; when all are taken it is 503; what is given back may be had again', () => {
  const gate = gateOf()
  const enter = (source: string) => {
    const place = gate.enter()
    try {
      place.admit(source, 0)
      return place
    } catch (error) {
      place.leave()
      throw error
    }
  }
  const slow = Array.from({ length: 5 }, () => enter('slow'))
  expect(refusalOf(() => enter('slow'))).toBe(429)
  const others = Array.from({ length: 5 }, (_, at) => enter(`other ${at}`))
  expect(refusalOf(() => enter('one more'))).toBe(503)
  slow.pop()?.leave()
  enter('slow').leave()
  for (const place of [...slow, ...others]) place.leave()
  for (let times = 0; times < 20; times++) enter('slow').leave()
})

test('what a body will hold is reserved before it comes: 429 beyond the half of a source, 503 beyond the total', () => {
  const gate = gateOf()
  const admitted = (source: string, bytes: number): Place => {
    const place = gate.enter()
    place.admit(source, bytes)
    return place
  }
  const first = admitted('one', 400)
  const refused = gate.enter()
  expect(refusalOf(() => refused.admit('one', 101))).toBe(429)
  refused.leave()
  const second = admitted('one', 100)
  admitted('two', 400)
  const third = gate.enter()
  expect(refusalOf(() => third.admit('three', 101))).toBe(503)
  third.leave()
  first.leave()
  second.leave()
  admitted('one', 500)
})

test('bytes that were announced are not counted twice, and those beyond are counted one by one', () => {
  const gate = gateOf()
  const place = gate.enter()
  place.admit('one', 300)
  for (let times = 0; times < 300; times++) place.hold(1)
  for (let times = 0; times < 200; times++) place.hold(1)
  for (let times = 0; times < 20; times++) expect(refusalOf(() => place.hold(1))).toBe(429)
  const other = gate.enter()
  other.admit('two', 500)
  expect(refusalOf(() => gate.enter().hold(1))).toBe(503)
  place.leave()
  place.leave()
  other.leave()
  const next = gate.enter()
  next.admit('one', 0)
  next.hold(500)
})

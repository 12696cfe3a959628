import { expect, test } from 'vitest'
import { createGate } from './gate.ts'
import { Refused } from './refused.ts'

const gateOf = () => createGate({ requestsAtOnce: 10, bodyBytesAtOnce: 1_000 })

test('one credential has half of the server at most: others come in, and what it gives back it may have again', () => {
  const gate = gateOf()
  const enter = (credential: string) => {
    const place = gate.enter()
    try {
      place.belongTo(credential)
      return place
    } catch (error) {
      place.leave()
      throw error
    }
  }
  const slow = Array.from({ length: 5 }, () => enter('slow'))
  expect(() => enter('slow')).toThrow(Refused)
  const others = Array.from({ length: 5 }, (_, at) => enter(`other ${at}`))
  expect(() => enter('one more')).toThrow(Refused)
  slow.pop()?.leave()
  enter('slow').leave()
  for (const place of [...slow, ...others]) place.leave()
  for (let times = 0; times < 20; times++) enter('slow').leave()
})

test('bodies in memory are shared in the same way, and a refusal takes nothing', () => {
  const gate = gateOf()
  const large = gate.enter()
  large.belongTo('large')
  large.hold(500)
  for (let times = 0; times < 20; times++) expect(() => large.hold(1)).toThrow(Refused)
  const other = gate.enter()
  other.belongTo('other')
  other.hold(500)
  expect(() => gate.enter().hold(1)).toThrow(Refused)
  large.leave()
  other.leave()
  const next = gate.enter()
  next.belongTo('large')
  next.hold(500)
})

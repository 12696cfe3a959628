import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalDuration, canonicalNumber, canonicalStatement, fingerprint } from './equality.ts'
import { type JsonNode, scan } from './json.ts'
import {
  contextAgentStatement,
  fullStatement,
  type Loose,
  leastStatement,
  subStatement,
} from './statement.fixture.ts'

function printOf(text: string): string {
  return fingerprint(text, scan(text).node as JsonNode)
}
const print = (statement: Loose): string => printOf(JSON.stringify(statement))

function changed(change: (statement: Loose) => void, from = fullStatement): Loose {
  const statement = from()
  change(statement)
  return statement
}

test('the fingerprint carries the number of its algorithm', () => {
  expect(print(fullStatement())).toMatch(/^1:[0-9a-f]{64}$/)
})

describe('the same statement', () => {
  test.each<[string, (statement: Loose) => void]>([
    [
      'without what a store sets',
      (s) => {
        for (const key of ['id', 'timestamp', 'version']) delete s[key]
      },
    ],
    ['with another id', (s) => (s.id = '8f87ccde-bb56-4c2e-ab83-44982ef22df0')],
    ['with another timestamp', (s) => (s.timestamp = '2020-01-01T00:00:00Z')],
    [
      'with stored and authority',
      (s) => Object.assign(s, { stored: '2020-01-01T00:00:00Z', authority: s.actor }),
    ],
    ['without attachments', (s) => delete s.attachments],
    ['with another definition of its activity', (s) => (s.object.definition = { name: { en: 'Waste' } })],
    [
      'without definitions of context activities',
      (s) => delete s.context.contextActivities.category.definition,
    ],
    ['with another display of its verb', (s) => (s.verb.display = { fr: 'a répondu' })],
    ['with members in another order', (s) => s.actor.member.reverse()],
    [
      'with a list of one context activity',
      (s) => (s.context.contextActivities.category = [s.context.contextActivities.category]),
    ],
    [
      'with the objectType that is understood',
      (s) => {
        delete s.object.objectType
        s.context.instructor.objectType = 'Agent'
        s.context.contextActivities.parent[0].objectType = 'Activity'
      },
    ],
    [
      'with UUIDs in another case',
      (s) => {
        s.context.registration = s.context.registration.toLowerCase()
        s.context.statement.id = s.context.statement.id.toUpperCase()
      },
    ],
    [
      'with a SHA-1 in another case',
      (s) => (s.context.instructor.mbox_sha1sum = s.context.instructor.mbox_sha1sum.toUpperCase()),
    ],
    [
      'with the domain of an e-mail address in another case',
      (s) => (s.actor.member[0].mbox = 'mailto:lan@EXAMPLE.org'),
    ],
    [
      'with a duration that differs beyond a hundredth of a second',
      (s) => (s.result.duration = 'PT1M30.509S'),
    ],
  ])('%s', (_name, change) => {
    expect(print(changed(change))).toBe(print(fullStatement()))
  })

  test('a SubStatement, too: its timestamp as an instant', () => {
    const at = (timestamp: string) => changed((s) => (s.object.timestamp = timestamp), subStatement)
    expect(print(at('2026-05-04T12:00:00.500+07:00'))).toBe(print(at('2026-05-04T05:00:00.5Z')))
    expect(print(at('2026-05-04T12:00:00+07:00'))).not.toBe(print(at('2026-05-04T12:00:00Z')))
  })

  test('numbers by value, exact to the last digit', () => {
    const raw = (token: string) =>
      printOf(JSON.stringify(changed((s) => (s.result.score.raw = '?'))).replace('"?"', token))
    expect(raw('1.0')).toBe(raw('1'))
    expect(raw('10e-1')).toBe(raw('1'))
    expect(raw('12345678901234567890')).not.toBe(raw('12345678901234567891'))
  })

  test('strings by value, however they are escaped', () => {
    const text = JSON.stringify(fullStatement())
    expect(printOf(text.replace('"response":"a"', '"response":"\\u0061"'))).toBe(printOf(text))
    expect(printOf(text.replace('"response"', '"\\u0072esponse"'))).toBe(printOf(text))
  })
})

describe('a different statement', () => {
  const changes: [string, (statement: Loose) => void][] = [
    ['actor', (s) => (s.actor.account.name = 'team 4')],
    ['name of the actor', (s) => (s.actor.name = 'Tổ 4')],
    ['member', (s) => s.actor.member.pop()],
    ['a member twice', (s) => s.actor.member.push(s.actor.member[0])],
    ['identifier of another kind', (s) => (s.context.instructor = { mbox: 'mailto:lan@example.org' })],
    [
      'local part of an e-mail address in another case',
      (s) => (s.actor.member[0].mbox = 'mailto:Lan@example.org'),
    ],
    ['verb', (s) => (s.verb.id += 's')],
    ['object', (s) => (s.object.id += '2')],
    ['kind of object', (s) => (s.object = { objectType: 'StatementRef', id: s.id })],
    ['score', (s) => (s.result.score.raw = 5.000001)],
    ['success', (s) => delete s.result.success],
    ['response', (s) => (s.result.response = 'A')],
    ['duration', (s) => (s.result.duration = 'PT1M30.51S')],
    ['unit of a duration', (s) => (s.result.duration = 'PT90.5S')],
    ['extension', (s) => (s.result.extensions['https://lms.example.org/x/tries'][1].again = 0)],
    [
      'order of an array in an extension',
      (s) => s.result.extensions['https://lms.example.org/x/tries'].reverse(),
    ],
    ['registration', (s) => delete s.context.registration],
    ['instructor', (s) => delete s.context.instructor],
    ['context activity', (s) => (s.context.contextActivities.parent[0].id += '1')],
    [
      'kind of context activity',
      (s) => (s.context.contextActivities = { other: s.context.contextActivities.parent }),
    ],
    ['language', (s) => (s.context.language = 'en')],
    ['platform', (s) => (s.context.platform = 'lms')],
  ]
  test.each(changes)('%s', (_name, change) => {
    expect(print(changed(change))).not.toBe(print(fullStatement()))
  })
  test('no two of these changes are the same', () => {
    expect(new Set(changes.map(([, change]) => print(changed(change)))).size).toBe(changes.length)
  })
  test('contextAgents and their relevantTypes count', () => {
    const prints = [
      contextAgentStatement(),
      changed((s) => delete s.context.contextAgents[0].relevantTypes, contextAgentStatement),
      changed((s) => (s.context.contextAgents[0].agent.mbox = 'mailto:x@example.org'), contextAgentStatement),
      changed((s) => delete s.context.contextAgents, contextAgentStatement),
    ].map(print)
    expect(new Set(prints).size).toBe(4)
  })
  test('an Agent and an Activity with the same text are not confused', () => {
    const object = (own: object) => changed((s) => (s.object = own), leastStatement)
    expect(print(object({ objectType: 'Agent', openid: 'urn:x:y' }))).not.toBe(
      print(object({ id: 'urn:x:y' })),
    )
  })
})

describe('rules with a space of inputs', () => {
  /** The same JSON, members of every object in an order drawn from `seed`. */
  function shuffled(value: Loose, next: () => number): Loose {
    if (Array.isArray(value)) return value.map((each) => shuffled(each, next))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, inner]) => [next(), key, shuffled(inner, next)] as const)
    return Object.fromEntries(entries.toSorted((a, b) => a[0] - b[0]).map(([, key, inner]) => [key, inner]))
  }
  test('members in any order and any spacing are the same statement', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.constantFrom(fullStatement, subStatement, contextAgentStatement),
        fc.constantFrom(0, 2, '\t'),
        (stream, of, space) => {
          const next = () => stream.next().value as number
          expect(printOf(JSON.stringify(shuffled(of(), next), null, space))).toBe(print(of()))
        },
      ),
    )
  })

  test('the members of an object of any size have one order, that of their keys as JSON writes these', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '!', '"', '#', '\\', '~', 'ệ', '\n'),
      maxLength: 4,
    })
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 60 }), (keys) => {
        const text = `{"extra":{${keys.map((each) => `${JSON.stringify(each)}:[${each.length}]`).join(',')}}}`
        const members = keys.map(
          (each) => `${JSON.stringify(each)}:[${canonicalNumber(String(each.length))}]`,
        )
        const { node } = scan(text)
        expect(node && canonicalStatement(text, node)).toBe(`{"extra":{${members.sort().join(',')}}}`)
      }),
    )
  })

  test('a number has one canonical form for each value', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 40n })
    fc.assert(
      fc.property(
        digits,
        fc.integer({ min: -30, max: 30 }),
        fc.nat({ max: 20 }),
        (mantissa, exponent, zeros) => {
          const plain = `${mantissa}e${exponent}`
          const longer = `${mantissa}${'0'.repeat(zeros)}E${exponent - zeros}`
          const pointed = `${mantissa}.${'0'.repeat(zeros + 1)}e+${Math.max(exponent, 0)}`
          expect(canonicalNumber(longer)).toBe(canonicalNumber(plain))
          if (exponent >= 0) expect(canonicalNumber(pointed)).toBe(canonicalNumber(plain))
          expect(canonicalNumber(`${mantissa + 1n}e${exponent}`)).not.toBe(canonicalNumber(plain))
        },
      ),
    )
    expect(['0', '-0', '0.00e7'].map(canonicalNumber)).toEqual(['0e0', '0e0', '0e0'])
    expect(canonicalNumber('-0.050')).toBe('-5e-2')
    // Beyond what a double holds exactly.
    const far = '9'.repeat(30)
    expect(canonicalNumber(`1e${far}`)).toBe(`1e${far}`)
    expect(canonicalNumber(`10e-${far}`)).toBe(`1e-${'9'.repeat(29)}8`)
    expect(canonicalNumber('10e+000000000000000000000000000004')).toBe('1e5')
  })

  test('a duration is compared to a hundredth of a second, cut and not rounded', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99 }), fc.stringMatching(/^[0-9]{0,6}$/), (hundredths, rest) => {
        const cut = `PT7.${String(hundredths).padStart(2, '0')}S`
        expect(canonicalDuration(cut.replace('S', `${rest}S`))).toBe(canonicalDuration(cut))
        expect(canonicalDuration(cut.replace('.', ','))).toBe(canonicalDuration(cut))
      }),
    )
    expect(canonicalDuration('PT7.00S')).toBe('PT7S')
    expect(canonicalDuration('P0.250Y')).toBe('P0.25Y')
    expect(canonicalDuration('P0.123Y')).toBe('P0.123Y')
  })
})

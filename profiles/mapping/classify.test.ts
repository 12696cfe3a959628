import { describe, expect, test } from 'vitest'
import { changed, type MappingChange } from './change.ts'
import { classifierOf } from './classify.ts'
import { DEFAULTS } from './defaults.ts'
import { FOUR_H, KINDS, LOOKS_AT, type LooksAt, type Rule, ruleName, type Tables } from './tables.ts'

const [WASTE, , , LAW] = DEFAULTS.topics.map(({ id }) => id) as [string, string, string, string]
const nothing = { activity: 'https://a.example/1', courses: [], type: null, verb: 'urn:verb' }
const topic = (by: LooksAt, iri: string, is: string): Rule => ({ tells: 'topic', by, iri, is, why: 'w' })
const tables = (...rules: Rule[]): Tables => ({ topics: DEFAULTS.topics, rules })

describe('what the tables tell', () => {
  test('nothing where no rule names it, and nothing of what is only noise', () => {
    const classify = classifierOf(DEFAULTS)
    const none = { kind: null, h: null, topic: null }
    expect(classify(nothing)).toEqual(none)
    expect(classify({ ...nothing, courses: [WASTE], verb: null })).toEqual(none)
  })

  test('of topics: the activity before its course before the longest prefix', () => {
    const rules = [
      topic('prefix', 'https://a.example/', WASTE),
      topic('prefix', 'https://a.example/law/', LAW),
      topic('course', 'https://a.example/course', WASTE),
      topic('activity', 'https://a.example/law/exact', WASTE),
    ]
    const of = (activity: string, ...courses: string[]) =>
      classifierOf(tables(...rules))({ ...nothing, activity, courses }).topic
    expect(of('https://a.example/x')).toBe(WASTE)
    expect(of('https://a.example/law/x')).toBe(LAW)
    expect(of('https://a.example/law/exact')).toBe(WASTE)
    expect(of('https://a.example/law/x', 'https://other', 'https://a.example/course')).toBe(WASTE)
    expect(of('https://a.example/course')).toBe(WASTE)
    expect(of('https://b.example/law/x')).toBeNull()
  })

  test('kind by the type before the verb, H by the verb before the type', () => {
    const classify = classifierOf(DEFAULTS)
    const type = 'http://adlnet.gov/expapi/activities/assessment'
    const verb = 'http://adlnet.gov/expapi/verbs/attended'
    expect(classify({ ...nothing, type })).toMatchObject({ kind: 'test', h: 'hieu' })
    expect(classify({ ...nothing, verb })).toMatchObject({ kind: 'class', h: 'hoc' })
    expect(classify({ ...nothing, type, verb })).toMatchObject({ kind: 'test', h: 'hoc' })
  })

  test('a statement that names a topic of ours is of that topic', () => {
    expect(classifierOf(DEFAULTS)({ ...nothing, courses: [LAW] }).topic).toBe(LAW)
  })
})

test('every rule that ships can be kept as it is, has a reason, and stands there once', () => {
  const names = DEFAULTS.rules.map(ruleName)
  expect(new Set(names).size).toBe(names.length)
  for (const rule of DEFAULTS.rules) {
    expect(changed(DEFAULTS, { do: 'put-rule', rule }), ruleName(rule)).toHaveProperty('rules')
    expect(LOOKS_AT[rule.tells] as readonly string[]).toContain(rule.by)
  }
  for (const kind of KINDS) expect(DEFAULTS.rules.some(({ is }) => is === kind)).toBe(true)
  for (const h of FOUR_H) expect(DEFAULTS.rules.some(({ is }) => is === h)).toBe(true)
})

describe('a change of the tables', () => {
  const rule = topic('prefix', 'https://a.example/', WASTE)

  test('puts a rule in the place of that of its name, and of the one it was edited from', () => {
    const one = changed(tables(rule), { do: 'put-rule', rule: { ...rule, is: LAW } }) as Tables
    expect(one.rules).toEqual([{ ...rule, is: LAW }])
    const edited = { ...rule, iri: 'https://b.example/' }
    const two = changed(one, { do: 'put-rule', rule: edited, replaces: ruleName(rule) }) as Tables
    expect(two.rules).toEqual([edited])
    expect(changed(two, { do: 'remove-rule', name: ruleName(edited) })).toMatchObject({ rules: [] })
  })

  test('brings a topic to which what names it leads, and takes it away again with that', () => {
    const crafts = { id: 'urn:t:lang-nghe', vi: 'Làng nghề', en: 'Crafts' }
    const one = changed(tables(rule), { do: 'put-topic', topic: crafts }) as Tables
    expect(classifierOf(one)({ ...nothing, courses: [crafts.id] }).topic).toBe(crafts.id)
    const renamed = changed(one, { do: 'put-topic', topic: { ...crafts, vi: 'Nghề' } }) as Tables
    expect(renamed.rules).toEqual(one.rules)
    expect(changed(renamed, { do: 'remove-topic', id: crafts.id })).toEqual(tables(rule))
  })

  test.each<[string, MappingChange]>([
    ['mapping-iri-not-valid', { do: 'put-rule', rule: { ...rule, iri: 'a.example' } }],
    ['mapping-iri-not-valid', { do: 'put-rule', rule: { ...rule, iri: 'https://a b' } }],
    ['mapping-iri-not-valid', { do: 'put-rule', rule: { ...rule, iri: `https://${'a'.repeat(2000)}` } }],
    ['mapping-why-missing', { do: 'put-rule', rule: { ...rule, why: ' ' } }],
    ['mapping-rule-not-valid', { do: 'put-rule', rule: { ...rule, by: 'verb' } }],
    ['mapping-rule-not-valid', { do: 'put-rule', rule: { ...rule, tells: 'h', by: 'verb' } }],
    ['mapping-topic-unknown', { do: 'put-rule', rule: { ...rule, is: 'urn:none' } }],
    ['mapping-rule-unknown', { do: 'remove-rule', name: 'topic prefix urn:none' }],
    ['mapping-topic-not-valid', { do: 'put-topic', topic: { id: 'urn:t', vi: 'a', en: '' } }],
    ['mapping-topic-used', { do: 'remove-topic', id: WASTE }],
    ['mapping-topic-unknown', { do: 'remove-topic', id: 'urn:none' }],
  ])('is refused with %s', (id, change) => {
    expect(changed(tables(rule), change)).toMatchObject({ id })
  })

  test('is refused when the tables are full', () => {
    const many = Array.from({ length: 4_000 }, (_, at) => topic('activity', `urn:a:${at}`, WASTE))
    expect(changed(tables(...many), { do: 'put-rule', rule })).toMatchObject({ id: 'mapping-too-many' })
  })
})

import { describe, expect, test } from 'vitest'
import { type JsonNode, scan } from './json.ts'
import { contentOf } from './record.ts'
import {
  contextAgentStatement,
  fullStatement,
  type Loose,
  leastStatement,
  subStatement,
} from './statement.fixture.ts'

function content(statement: Loose) {
  const text = JSON.stringify(statement)
  return contentOf(text, scan(text).node as JsonNode, 'account:https://record.example.org lms')
}
const keys = (statement: Loose, start: string) =>
  content(statement)
    .keys.filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length))
    .sort()

describe('what a statement is found by', () => {
  test('verb, registration in lower case', () => {
    expect(keys(fullStatement(), 'verb:')).toEqual(['http://adlnet.gov/expapi/verbs/answered'])
    expect(keys(fullStatement(), 'registration:')).toEqual(['ec531277-b57b-4c15-8d91-d292c5b2b8f7'])
  })
  test('agent: the actor, the object, and the members of either', () => {
    expect(keys(fullStatement(), 'agent:')).toEqual([
      'account:https://lms.example.org team 3',
      'mbox:mailto:lan@example.org',
      'openid:https://id.example.org/minh',
    ])
    const about = leastStatement()
    about.object = { objectType: 'Group', member: [{ mbox: 'mailto:hoa@example.org' }] }
    expect(keys(about, 'agent:')).toEqual(['mbox:mailto:hoa@example.org', 'mbox:mailto:lan@example.org'])
  })
  test('related agents: also instructor, team, authority and their members', () => {
    expect(keys(fullStatement(), 'agent+:')).toEqual([
      'account:https://lms.example.org team 3',
      'account:https://record.example.org lms',
      'mbox:mailto:hoa@example.org',
      'mbox:mailto:lan@example.org',
      'openid:https://id.example.org/minh',
      'sha1:ebd31e95054c018b10727ccffd2ef2ec3a016ee9',
    ])
  })
  test('related agents: also contextAgents and members of contextGroups', () => {
    expect(keys(contextAgentStatement(), 'agent+:')).toEqual([
      'account:https://record.example.org lms',
      'mbox:mailto:coach@example.org',
      'mbox:mailto:lan@example.org',
      'mbox:mailto:peer@example.org',
    ])
    expect(keys(contextAgentStatement(), 'agent:')).toEqual(['mbox:mailto:lan@example.org'])
  })
  test('what stands in a SubStatement is related only', () => {
    const statement = subStatement()
    statement.object.actor = { mbox: 'mailto:inner@example.org' }
    statement.object.context = contextAgentStatement().context
    expect(keys(statement, 'agent:')).toEqual(['mbox:mailto:lan@example.org'])
    expect(keys(statement, 'agent+:')).toContain('mbox:mailto:inner@example.org')
    expect(keys(statement, 'agent+:')).toContain('mbox:mailto:peer@example.org')
    expect(keys(statement, 'activity:')).toEqual([])
    expect(keys(statement, 'activity+:')).toEqual(['https://lms.example.org/page/1'])
    expect(keys(statement, 'verb:')).toEqual(['http://adlnet.gov/expapi/verbs/planned'])
  })
  test('activity: the object; related: context activities too', () => {
    expect(keys(fullStatement(), 'activity:')).toEqual(['https://lms.example.org/quiz/1'])
    expect(keys(fullStatement(), 'activity+:')).toEqual([
      'https://lms.example.org/course/7',
      'https://lms.example.org/quiz/1',
      'https://lms.example.org/type/quiz',
    ])
  })
  test('actor: the actor itself, no members, nothing for an anonymous Group', () => {
    expect(keys(fullStatement(), 'actor:')).toEqual(['account:https://lms.example.org team 3'])
    const anonymous = {
      ...leastStatement(),
      actor: { objectType: 'Group', member: [{ mbox: 'mailto:a@b.c' }] },
    }
    expect(keys(anonymous, 'actor:')).toEqual([])
    expect(keys(anonymous, 'agent:')).toEqual(['mbox:mailto:a@b.c'])
  })
  test('an agent in two places is there once', () => {
    const statement = leastStatement()
    statement.context = { instructor: statement.actor }
    const found = content(statement).keys
    expect(new Set(found).size).toBe(found.length)
  })
})

describe('what else is read off a statement', () => {
  test('a reference, and a voiding one', () => {
    const id = '8F87CCDE-bb56-4c2e-ab83-44982ef22df0'
    const referring = { ...leastStatement(), object: { objectType: 'StatementRef', id } }
    expect(content(referring)).toMatchObject({ refersTo: id.toLowerCase(), voiding: false })
    const voiding = { ...referring, verb: { id: 'http://adlnet.gov/expapi/verbs/voided' } }
    expect(content(voiding)).toMatchObject({ refersTo: id.toLowerCase(), voiding: true })
    // Neither a SubStatement's reference nor that of a context is the statement's own.
    const inside = subStatement()
    inside.object.object = referring.object
    expect(content(inside)).toMatchObject({ refersTo: null, voiding: false })
    expect(content(fullStatement()).refersTo).toBeNull()
  })
  test('definitions as they were written, wherever an activity stands, none for an empty one', () => {
    const statement = subStatement()
    statement.object.object.definition = { name: { vi: 'Trang 1' } }
    statement.context = {
      contextActivities: {
        other: [
          { id: 'urn:a', definition: { type: 'urn:t' } },
          { id: 'urn:b', definition: {} },
          { id: 'urn:c' },
        ],
      },
    }
    expect(content(statement).definitions).toEqual([
      { activity: 'https://lms.example.org/page/1', text: '{"name":{"vi":"Trang 1"}}' },
      { activity: 'urn:a', text: '{"type":"urn:t"}' },
    ])
  })
  test('names of agents and groups that have an identifier', () => {
    expect(content(fullStatement()).names).toEqual([
      { agent: 'account:https://lms.example.org team 3', name: 'Tổ 3' },
      { agent: 'mbox:mailto:lan@example.org', name: 'Lan' },
    ])
  })
})

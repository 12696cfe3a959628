import { describe, expect, test } from 'vitest'
import { fingerprint } from './equality.ts'
import { type JsonNode, scan } from './json.ts'
import { rekeyStatement } from './rekey.ts'
import { SIGNATURE } from './signature.ts'
import {
  contextAgentStatement,
  fullStatement,
  type Loose,
  leastStatement,
  subStatement,
} from './statement.fixture.ts'

const LAN = 'mbox:mailto:lan@example.org'
const NOBODY = { account: { homePage: 'https://record.example.org', name: '7c2f' } }

function print(text: string): string {
  return fingerprint(text, scan(text).node as JsonNode)
}
function rekey(statement: Loose, attachments: string[] = []) {
  const text = JSON.stringify(statement)
  const stored = { id: '6690e6c9-3ef0-4ed3-8b37-7f3964730bee', text, fingerprint: print(text), attachments }
  return rekeyStatement(stored, LAN, NOBODY, new Map(attachments.map((sha2) => [sha2, sha2])))
}

describe('one identifier gives way to another', () => {
  const lan = { name: 'Lan', mbox: 'mailto:lan@EXAMPLE.org' }
  const inGroup = { objectType: 'Group', member: [lan, { mbox: 'mailto:minh@example.org' }] }
  const places: [string, Loose][] = [
    ['actor', { actor: lan }],
    ['member of the actor', { actor: inGroup }],
    ['object', { object: { objectType: 'Agent', ...lan } }],
    ['authority', { authority: lan }],
    ['instructor', { context: { instructor: lan } }],
    ['member of the team', { context: { team: inGroup } }],
    ['contextAgents', { context: { contextAgents: [{ objectType: 'contextAgent', agent: lan }] } }],
    ['contextGroups', { context: { contextGroups: [{ objectType: 'contextGroup', group: inGroup }] } }],
    ['actor of a SubStatement', { object: { ...subStatement().object, actor: inGroup } }],
    ['context of a SubStatement', { object: { ...subStatement().object, context: { instructor: lan } } }],
  ]
  const neutral = { ...leastStatement(), actor: { mbox: 'mailto:minh@example.org' } }

  test.each(places)('%s', (_place, own) => {
    const statement = { ...neutral, ...own }
    if (statement.object.objectType === 'SubStatement' && !own.object.actor)
      statement.object.actor = neutral.actor
    const rewrite = rekey(statement)
    expect(rewrite?.text).not.toMatch(/lan@/i)
    expect(rewrite?.text).not.toContain('Lan')
    expect(rewrite?.text).toContain(JSON.stringify(NOBODY).slice(1, -1))
    expect(rewrite?.keys).toContain('agent+:account:https://record.example.org 7c2f')
    expect(JSON.stringify(rewrite)).not.toContain(LAN)
    expect(rewrite?.fingerprint).toBe(print(rewrite?.text ?? ''))
  })

  test('what is computed from the statement follows', () => {
    const rewrite = rekey(fullStatement())
    expect(rewrite?.names).toEqual([{ agent: 'account:https://lms.example.org team 3', name: 'Tổ 3' }])
    expect(rewrite?.keys).toContain('agent:account:https://record.example.org 7c2f')
    expect(rewrite?.expected).toBe(print(JSON.stringify(fullStatement())))
    expect(rewrite?.fingerprint).not.toBe(rewrite?.expected)
  })

  test('the rest stays as it was, token by token', () => {
    const text = JSON.stringify(leastStatement()).replace(
      '"object"',
      '"result":{"score":{"raw":1.00}},"object"',
    )
    const stored = { id: 'x', text, fingerprint: '1:x', attachments: [] }
    expect(rekeyStatement(stored, LAN, NOBODY, new Map())?.text).toBe(
      text.replace('"mbox":"mailto:lan@example.org"', JSON.stringify(NOBODY).slice(1, -1)),
    )
  })

  test('a statement without it is left alone', () => {
    expect(rekey(neutral)).toBeNull()
    expect(rekey({ ...neutral, ...contextAgentStatement(), actor: neutral.actor })).toBeNull()
  })
})

test('signatures are dropped, other attachments stay', () => {
  const [photo, signature, linked] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [
    string,
    string,
    string,
  ]
  const attachment = (sha2: string, usageType: string) => ({
    usageType,
    display: {},
    contentType: 'x/y',
    length: 1,
    sha2,
  })
  const statement = leastStatement()
  statement.attachments = [
    attachment(photo, 'urn:p'),
    attachment(signature, SIGNATURE),
    attachment(linked, 'urn:l'),
  ]
  const rewrite = rekey(statement, [photo, signature])
  expect(rewrite?.attachments).toEqual([photo])
  expect(JSON.parse(rewrite?.text ?? '').attachments).toEqual([
    statement.attachments[0],
    statement.attachments[2],
  ])
})

/** The rules that hold for every property: presence, types, formats, case, closed lists, and JSON itself. */
import { expect } from 'vitest'
import { no, set } from './support/change.ts'
import { accepts, refuses, requirement } from './support/requirement.ts'
import {
  anonymousGroup,
  full,
  interaction,
  minimal,
  statementRef,
  subStatement,
  uuid,
  withObject,
} from './support/statements.ts'

refuses(full, [
  ['XAPI-00003 XAPI2-4.2.1-actor', no('actor')],
  ['XAPI-00004 XAPI2-4.2.1-verb', no('verb')],
  ['XAPI-00005 XAPI2-4.2.1-object', no('object')],

  ['XAPI2-4.2.1-required', no('verb.id')],
  ['XAPI2-4.2.1-required', no('object.id')],
  ['XAPI2-4.2.1-required', no('attachments[0].display')],

  ['XAPI-00001 XAPI2-4.2.1-null', set('actor', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('actor.name', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('verb.display', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('verb.display.en', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('object.definition', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('object.definition.choices[0].description', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('result.score.raw', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('context.registration', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('context.contextActivities.parent', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('timestamp', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('attachments', null)],
  ['XAPI-00001 XAPI2-4.2.1-null', set('attachments[0].description', null)],

  ['XAPI-00006 XAPI2-4.2.1-type', set('actor', 'an')],
  ['XAPI-00006 XAPI2-4.2.1-type', set('verb', [])],
  ['XAPI-00006 XAPI2-4.2.1-type', set('object', true)],
  ['XAPI-00006 XAPI2-4.2.2.4-result', set('result', 'passed')],
  ['XAPI-00006 XAPI2-4.2.1-type', set('result.score.raw', '8')],
  ['XAPI-00006 XAPI2-4.2.1-type', set('result.success', 'true')],
  ['XAPI-00006 XAPI2-4.2.2.5-context', set('context', [])],
  ['XAPI-00006 XAPI2-4.2.1-type', set('attachments[0].length', '5')],
  ['XAPI-00006 XAPI2-4.2.1-type', set('timestamp', 1772353800123)],

  ['XAPI-00007 XAPI2-4.2.1-format', set('id', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('actor.mbox', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('actor.mbox', 'an@hoc.example')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('verb.id', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('object.id', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('context.registration', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('context.instructor.account.homePage', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('timestamp', '')],
  ['XAPI-00007 XAPI2-4.2.1-format', set('result.duration', '')],

  ['XAPI-00008 XAPI2-4.2.1-case', set('Result', {})],
  ['XAPI-00008 XAPI2-4.2.1-case', set('actor.Name', 'An')],
  ['XAPI-00008 XAPI2-4.2.1-case', set('verb.Display', { en: 'did' })],
  ['XAPI-00008 XAPI2-4.2.1-case', set('object.definition.moreinfo', 'https://hoc.example/')],
  ['XAPI-00008 XAPI2-4.2.1-case', set('context.Platform', 'web')],
  ['XAPI-00008 XAPI2-4.2.1-case', set('attachments[0].fileURL', 'https://hoc.example/')],

  ['XAPI-00009 XAPI2-4.2.1-value-case', set('actor.objectType', 'agent')],
  ['XAPI-00009 XAPI2-4.2.1-value-case', set('object.objectType', 'ACTIVITY')],
  ['XAPI-00009 XAPI2-4.2.1-value-case', set('object.definition.interactionType', 'Choice')],
  ['XAPI-00009 XAPI2-4.2.1-value-case', set('context.team.objectType', 'group')],
  ['XAPI-00009 XAPI2-4.2.1-value-case', set('context.statement.objectType', 'statementRef')],

  ['XAPI-00010 XAPI2-4.2.1-unknown', set('place', 'Hà Nội')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('actor.age', 9)],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('verb.name', 'did')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('object.name', 'lesson')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('object.definition.difficulty', 1)],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('object.definition.choices[0].score', 1)],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('result.grade', 'A')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('result.score.percent', 80)],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('context.room', 'A1')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('context.statement.note', 'x')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('context.instructor.account.email', 'x')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('attachments[0].name', 'x')],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('__proto__x', 'x')],

  ['XAPI-00011 XAPI2-4.2.1-scheme', set('verb.id', 'hoc.example/verbs/completed')],
  ['XAPI-00011 XAPI2-4.2.1-scheme', set('object.id', '/activities/1')],
  ['XAPI-00011 XAPI2-4.2.1-scheme', set('object.definition.type', 'lesson')],
  ['XAPI-00011 XAPI2-4.2.1-scheme', set('object.definition.moreInfo', 'hoc.example')],
  ['XAPI-00011 XAPI2-4.2.1-scheme', set('context.instructor.account.homePage', 'hoc.example')],
  ['XAPI-00011 XAPI2-4.2.1-scheme', set('attachments[0].usageType', 'certificate')],
  ['XAPI-00011 XAPI2-4.2.1-scheme', set('attachments[0].fileUrl', 'files/1.pdf')],

  ['XAPI2-4.2.1-iri', set('verb.id', 'https://hoc.example/ a')],
  ['XAPI2-4.2.1-iri', set('object.id', 'https://hoc.example/<b>')],
  ['XAPI2-4.2.1-iri', set('object.id', 'https://hoc.example/%zz')],
])

refuses(withObject(anonymousGroup()), [
  ['XAPI-00001 XAPI2-4.2.1-null', set('object.member[0].name', null)],
  ['XAPI-00010 XAPI2-4.2.1-unknown', set('object.size', 2)],
  ['XAPI-00009 XAPI2-4.2.1-value-case', set('object.objectType', 'group')],
])

refuses(
  (version) => withObject(subStatement(version))(version),
  [
    ['XAPI-00001 XAPI2-4.2.1-null', set('object.actor.name', null)],
    ['XAPI-00006 XAPI2-4.2.1-type', set('object.result.completion', 1)],
    ['XAPI-00008 XAPI2-4.2.1-case', set('object.Timestamp', '2026-03-01T08:30:00Z')],
    ['XAPI-00010 XAPI2-4.2.1-unknown', set('object.place', 'x')],
  ],
)

accepts(full, [
  ['XAPI-00119 XAPI2-4.2.7-extension-values', set('result.extensions', { 'https://hoc.example/e': null })],
  ['XAPI-00119 XAPI2-4.2.7-extension-values', set('context.extensions', { 'https://hoc.example/e': '' })],
  ['XAPI-00119 XAPI2-4.2.7-extension-values', set('object.definition.extensions', { 'urn:e': {} })],
  ['XAPI-00119 XAPI2-4.2.7-extension-values', set('result.extensions', { 'tag:e': [null, { a: null }] })],
  ['XAPI-00119 XAPI2-4.2.7-extension-values', set('result.extensions', {})],
])

const extensionsPlaces = ['object.definition.extensions', 'result.extensions', 'context.extensions']
refuses(full, [['XAPI-00120 XAPI2-4.2.2.5-extensions', set('context.extensions', 'room')]])
refuses(
  full,
  extensionsPlaces.flatMap((place) => [
    ['XAPI-00118 XAPI2-4.2.7-extension-key', set(place, { level: 2 })],
    ['XAPI-00118 XAPI2-4.2.7-extension-key', set(place, { '': 2 })],
    ['XAPI-00120 XAPI2-4.2.1-type', set(place, [1])],
    ['XAPI-00120 XAPI2-4.2.1-type', set(place, 'level')],
    ['XAPI-00120 XAPI2-4.2.1-null', set(place, null)],
  ]),
)

const body = (text: string) => ({ body: text, headers: { 'content-type': 'application/json' } })

for (const [what, text] of [
  ['cut off', '{"actor":'],
  ['with a trailing comma', `${JSON.stringify(minimal()).slice(0, -1)},}`],
  ['empty', ''],
  ['with something behind it', `${JSON.stringify(minimal())}x`],
  ['that is no object', '"a statement"'],
  ['that is a number', '7'],
] as const) {
  requirement('XAPI-00014 XAPI2-4.2.1-json', `refuses a body ${what}`, async (xapi) => {
    const answer = await xapi.request('POST', '/statements', body(text))
    expect(answer.status, answer.text).toBe(400)
  })
}

for (const [where, text] of [
  ['the statement', `{"id":"${uuid()}",${JSON.stringify(minimal()).slice(1, -1)},"id":"${uuid()}"}`],
  ['the actor', JSON.stringify(minimal()).replace('"name":"an"', '"name":"an","name":"binh"')],
  [
    'an extension',
    JSON.stringify({ ...minimal(), result: { extensions: { 'urn:a': 0 } } }).replace('0', '{"b":1,"b":2}'),
  ],
] as const) {
  requirement('XAPI-00021 XAPI2-4.2.1-once', `refuses a key twice in ${where}`, async (xapi) => {
    const answer = await xapi.request('POST', '/statements', body(text))
    expect(answer.status, answer.text).toBe(400)
    const twice = JSON.stringify(JSON.parse(text))
    expect((await xapi.request('POST', '/statements', body(twice))).status).toBe(200)
  })
}

requirement('XAPI-00015 XAPI2-4.1.2-utf8', 'keeps every character of Unicode', async (xapi) => {
  const response = 'Suốt Đời — học 學 🎓 \u200d é e\u0301'
  const [id] = await xapi.store({ ...minimal(), result: { response } })
  const answer = await xapi.get('/statements', { statementId: id })
  expect(answer.body.result.response).toBe(response)
  expect(answer.bytes).toEqual(new TextEncoder().encode(answer.text))
})

requirement('XAPI-00015 XAPI2-4.1.2-utf8', 'refuses bytes that are not UTF-8', async (xapi) => {
  const bytes = Buffer.from(JSON.stringify({ ...minimal(), result: { response: '\u00e9' } }), 'latin1')
  const answer = await xapi.post('/statements', bytes)
  expect(answer.status, answer.text).toBe(400)
})

requirement('XAPI-00002 XAPI2-4.2.4.2-numbers', 'keeps numbers beyond single precision', async (xapi) => {
  const score = { raw: 0.123456789, max: 16777217.25, min: -1e-7 }
  const [id] = await xapi.store({ ...minimal(), result: { score } })
  expect((await xapi.fetch(id!)).result.score).toEqual(score)
})

requirement('XAPI2-4.2.4.2-same-serialization', 'returns each token as it was written', async (xapi) => {
  const id = uuid()
  const score = '{"max":1.0,"raw":1e-2}'
  const extensions = '{"urn:x":12345678901234567890.10,"urn:2":{"2":1,"1":2,"__proto__":3}}'
  const { actor, verb, object } = minimal()
  const text = `{"id":"${id}","verb":${JSON.stringify(verb)},"actor":${JSON.stringify(actor)},"object":${JSON.stringify(object)},"result":{"score":${score},"extensions":${extensions}}}`
  expect((await xapi.request('POST', '/statements', body(text))).status).toBe(200)
  const answer = await xapi.get('/statements', { statementId: id })
  expect(answer.text).toContain(`"score":${score}`)
  expect(answer.text).toContain(`"extensions":${extensions}`)
})

requirement(
  'XAPI-00006 XAPI2-4.2.2.3-default-type',
  'takes an object without objectType as an activity',
  async (xapi) => {
    const { objectType: _, ...object } = interaction('numeric')
    const [id] = await xapi.store({ ...minimal(), object })
    const found = await xapi.list({ activity: object.id, limit: 1 })
    expect(found.body.statements[0].id).toBe(id)
    const refused = await xapi.post('/statements', { ...minimal(), object: { id: statementRef().id } })
    expect(refused.status).toBe(400)
  },
)

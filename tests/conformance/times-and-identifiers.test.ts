/** UUIDs, timestamps, durations, language maps: the types that stand in many places; and what the server sets. */
import { expect } from 'vitest'
import { set } from './support/change.ts'
import { clientWith } from './support/harness.ts'
import { accepts, refuses, requirement } from './support/requirement.ts'
import {
  activity,
  agents,
  anonymousGroup,
  full,
  group,
  minimal,
  statementRef,
  subStatement,
  uuid,
  withObject,
} from './support/statements.ts'

const tooLong = 'aa97b177-9383-4934-8543-0f91a7a028368'
const noHex = 'ga97b177-9383-4934-8543-0f91a7a02836'
const bare = 'aa97b177938349348543 0f91a7a02836'.replace(' ', '')
const braced = '{aa97b177-9383-4934-8543-0f91a7a02836}'

refuses(full, [
  ['XAPI-00027 XAPI2-4.2.2-id', set('id', 7)],
  ['XAPI-00027 XAPI2-4.2.2-id', set('id', {})],
  ['XAPI-00027 XAPI2-4.2.7-uuid', set('id', tooLong)],
  ['XAPI-00027 XAPI2-4.2.7-uuid', set('id', noHex)],
  ['XAPI-00028 XAPI2-4.2.7-uuid', set('id', bare)],
  ['XAPI-00028 XAPI2-4.2.7-uuid', set('id', braced)],
  ['XAPI-00029 XAPI2-4.2.7-uuid', set('context.registration', bare)],
  ['XAPI-00029 XAPI2-4.2.7-uuid', set('context.statement.id', braced)],
  ['XAPI-00030 XAPI2-4.2.7-uuid', set('context.registration', tooLong)],
  ['XAPI-00030 XAPI2-4.2.7-uuid', set('context.registration', noHex)],
  ['XAPI-00030 XAPI2-4.2.7-uuid', set('context.statement.id', noHex)],
])
refuses(withObject(statementRef()), [['XAPI-00030 XAPI2-4.2.7-uuid', set('object.id', tooLong)]])

const wrongTimes = [
  '2026-03-01',
  '08:30:00',
  '2026-13-01T08:30:00Z',
  '2026-02-30T08:30:00Z',
  '2026-03-01T25:30:00Z',
  'yesterday',
]
const wrongZones = ['2026-03-01T08:30:00-00', '2026-03-01T08:30:00-0000', '2026-03-01T08:30:00-00:00']
refuses(full, [
  ['XAPI-00022 XAPI2-4.2.2-timestamp', set('timestamp', 7)],
  ['XAPI-00022 XAPI2-4.2.2-timestamp', set('timestamp', {})],
  ...wrongTimes.map((time) => ['XAPI-00123 XAPI2-4.2.2-timestamp', set('timestamp', time)] as const),
  ...wrongZones.map((time) => ['XAPI-00123 XAPI2-4.2.2-timestamp', set('timestamp', time)] as const),
  ['XAPI-00023 XAPI2-4.2.2-stored', set('stored', 'today')],
  ['XAPI-00023 XAPI2-4.2.2-stored', set('stored', 7)],
])
refuses(
  (version) => withObject(subStatement(version))(version),
  [['XAPI-00123 XAPI2-4.2.2-timestamp', set('object.timestamp', '2026-03-01')]],
)
accepts(full, [
  ['XAPI-00123 XAPI2-4.2.2-timestamp', set('timestamp', '2026-03-01T08:30:00Z')],
  ['XAPI-00123 XAPI2-4.2.7-timestamp-utc', set('timestamp', '2026-03-01T15:30:00+07:00')],
  ['XAPI-00022 XAPI2-4.2.4.1-future', set('timestamp', new Date(Date.now() + 3_600_000).toISOString())],
])

const alternative = 'P0000-00-00T01:30:00'
for (const duration of ['PT', 'P', '1H', 'PT1H30', 'P1H', 'PT1.5H30M', alternative]) {
  refuses(full, [['XAPI-00124 XAPI2-4.2.7-duration', set('result.duration', duration)]])
}
for (const duration of ['PT0S', 'PT16559.14S', 'P3W', 'P1Y2M3DT4H5M6S', 'P1DT12H']) {
  accepts(full, [['XAPI-00124 XAPI2-4.2.7-duration', set('result.duration', duration)]])
}
accepts(full, [['XAPI-00077 XAPI2-4.2.7-duration-precision', set('result.duration', 'P1DT12H36M0.12567S')]])

for (const place of [
  'verb.display',
  'object.definition.name',
  'object.definition.description',
  'object.definition.choices[0].description',
  'attachments[0].display',
  'attachments[0].description',
]) {
  for (const tag of ['abcdefghi', 'e', 'vi_VN', 'vi-', '', 'en-US-toolongsubtag']) {
    refuses(full, [['XAPI-00121 XAPI-00013 XAPI2-4.2.7-language-tag', set(place, { [tag]: 'x' })]])
  }
  refuses(full, [['XAPI-00121 XAPI2-4.2.7-language-text', set(place, { vi: 7 })]])
  for (const tag of ['vi', 'cmn', 'de-DE', 'zh-Hant', 'sr-Latn-RS', 'es-419', 'x-riêng'.replace('ê', 'e')]) {
    accepts(full, [['XAPI-00121 XAPI-00013 XAPI2-4.2.7-language-tag', set(place, { [tag]: 'x' })]])
  }
}

refuses(full, [
  ['XAPI-00024 XAPI2-4.2.2-authority', set('authority', 'an')],
  ['XAPI-00024 XAPI2-4.2.2-authority', set('authority', { objectType: 'Agent', name: 'an' })],
  ['XAPI-00024 XAPI2-4.2.2-authority', set('authority', { ...agents.mbox(), objectType: 'Activity' })],
  ['XAPI-00098 XAPI2-4.2.2-authority-group', set('authority', anonymousGroup(agents.mbox()))],
  [
    'XAPI-00098 XAPI2-4.2.2-authority-group',
    set('authority', anonymousGroup(agents.account('a'), agents.mbox(), agents.openid())),
  ],
  ['XAPI-00100', set('authority', group('to-3', [agents.mbox('a'), agents.mbox('b')]))],
  ['XAPI-00101', set('version', '0.9.0')],
  ['XAPI-00101', set('version', '1.1.0')],
  ['XAPI-00101', set('version', 'one')],
  ['XAPI-00101 XAPI2-4.2.2-version', set('version', 1)],
  ['XAPI2-4.2.2-version', set('version', 'two')],
])
accepts(full, [
  ['XAPI-00101', set('version', '1.0')],
  ['XAPI-00101', set('version', '1.0.9')],
  ['XAPI2-4.2.2-version', set('version', '2.0.0')],
  ['XAPI-00024 XAPI2-4.2.2-authority', set('authority', agents.account())],
])

requirement('XAPI-00026 XAPI2-4.2.4.2-id', 'gives an id of its own', async (xapi) => {
  const [first, second] = await xapi.store([minimal(), minimal()])
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(second).not.toBe(first)
  expect((await xapi.fetch(first!)).id).toBe(first)
})

requirement('XAPI-00022 XAPI2-4.2.4.2-timestamp', 'sets a missing timestamp to stored', async (xapi) => {
  const [id] = await xapi.store(minimal())
  const { timestamp, stored } = await xapi.fetch(id!)
  expect(timestamp).toBe(stored)
})

requirement('XAPI-00097 XAPI2-4.2.4.2-stored', 'sets stored, whatever was sent', async (xapi) => {
  const sent = '2013-05-18T05:32:34.804Z'
  const before = Date.now()
  const [id] = await xapi.store({ ...minimal(), stored: sent })
  const { stored } = await xapi.fetch(id!)
  expect(Date.parse(stored)).toBeGreaterThanOrEqual(before - 1000)
})

requirement('XAPI-00099 XAPI2-4.2.4.2-authority', 'sets the authority from the credential', async (xapi) => {
  const [id, other] = await xapi.store([minimal(), { ...minimal(), authority: agents.mbox('ai-do') }])
  const { authority } = await xapi.fetch(id!)
  expect(authority).toMatchObject({ objectType: 'Agent', account: { homePage: expect.any(String) } })
  expect((await xapi.fetch(other!)).authority).toEqual(authority)
})

requirement('XAPI2-4.2.4.2-authority-deterministic', 'gives a source one authority', async (xapi) => {
  const second = await clientWith(xapi.version, ['statements/write'])
  const [id] = await xapi.store(minimal())
  const { authority } = await xapi.fetch(id!)
  const [later] = await second.store(minimal())
  expect((await xapi.fetch(later!)).authority).toEqual(authority)
})

requirement('XAPI-00122 XAPI2-4.2.2-timestamp', 'keeps milliseconds', async (xapi) => {
  const [id] = await xapi.store({ ...minimal(), timestamp: '2026-03-01T08:30:00.123Z' })
  const { timestamp, stored } = await xapi.fetch(id!)
  expect(Date.parse(timestamp)).toBe(Date.parse('2026-03-01T08:30:00.123Z'))
  expect(stored).toMatch(/\.\d{3,}Z$/)
})

requirement('XAPI2-4.2.7-timestamp-utc', 'returns a timestamp in UTC', async (xapi) => {
  const [id] = await xapi.store({ ...minimal(), timestamp: '2026-03-01T15:30:00.5+07:00' })
  const { timestamp } = await xapi.fetch(id!)
  expect(timestamp).toMatch(/Z$/)
  expect(Date.parse(timestamp)).toBe(Date.parse('2026-03-01T08:30:00.5Z'))
})

requirement(
  'XAPI-00332 XAPI2-4.2.4.3-version',
  'keeps the version sent and sets a missing one',
  async (xapi) => {
    const [sent, missing] = xapi.version === '1.0.3' ? ['1.0.2', '1.0.0'] : ['2.0.0', '2.0.0']
    const [with_, without] = await xapi.store([{ ...minimal(), version: sent }, minimal()])
    expect((await xapi.fetch(with_!)).version).toBe(sent)
    expect((await xapi.fetch(without!)).version).toBe(missing)
  },
)

requirement('XAPI2-4.2.7-iri-comparison', 'tells IRIs apart as strings', async (xapi) => {
  const name = uuid()
  const [lower, upper] = await xapi.store([
    { ...minimal(), object: activity(`x${name}`) },
    { ...minimal(), object: activity(`X${name}`) },
  ])
  const found = await xapi.list({ activity: activity(`x${name}`).id })
  expect(found.body.statements.map((statement: { id: string }) => statement.id)).toEqual([lower])
  expect(upper).not.toBe(lower)
})

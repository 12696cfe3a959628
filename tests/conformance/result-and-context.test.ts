/** Results, scores, contexts and what only 2.0 knows in a context. */
import { expect } from 'vitest'
import { no, set } from './support/change.ts'
import { accepts, refuses, requirement } from './support/requirement.ts'
import {
  activity,
  agents,
  anonymousGroup,
  context,
  contextAgent,
  contextGroup,
  full,
  group,
  minimal,
  statementRef,
  subStatement,
  withObject,
} from './support/statements.ts'

refuses(full, [
  ['XAPI-00074 XAPI2-4.2.2.4-success', set('result.success', 'yes')],
  ['XAPI-00074 XAPI2-4.2.2.4-success', set('result.success', 1)],
  ['XAPI-00075 XAPI2-4.2.2.4-completion', set('result.completion', 'true')],
  ['XAPI-00076 XAPI2-4.2.2.4-response', set('result.response', 7)],
  ['XAPI-00076 XAPI2-4.2.2.4-response', set('result.response', {})],
  ['XAPI-00077 XAPI2-4.2.2.4-duration', set('result.duration', 90)],
  ['XAPI-00077 XAPI2-4.2.2.4-duration', set('result.duration', {})],
  ['XAPI-00077 XAPI2-4.2.7-duration', set('result.duration', '90 minutes')],
  ['XAPI-00078 XAPI2-4.2.2.4-extensions', set('result.extensions', 'x')],
  ['XAPI-00079 XAPI2-4.2.2.4-score', set('result.score', 8)],
  ['XAPI-00079 XAPI2-4.2.2.4-score', set('result.score', [8])],
  ['XAPI-00080 XAPI2-4.2.2.4-max', set('result.score.max', '10')],
  ['XAPI-00081 XAPI2-4.2.2.4-min', set('result.score.min', '0')],
  ['XAPI-00081 XAPI2-4.2.2.4-min', set('result.score.min', 10)],
  ['XAPI-00081 XAPI2-4.2.2.4-min', set('result.score', { min: 11, max: 10 })],
  ['XAPI-00082 XAPI2-4.2.2.4-raw', set('result.score.raw', {})],
  ['XAPI-00082 XAPI2-4.2.2.4-raw', set('result.score.raw', 10.5)],
  ['XAPI-00082 XAPI2-4.2.2.4-raw', set('result.score.raw', -1)],
  ['XAPI-00083 XAPI2-4.2.2.4-scaled', set('result.score.scaled', '0.8')],
  ['XAPI-00083 XAPI2-4.2.2.4-scaled', set('result.score.scaled', 1.01)],
  ['XAPI-00083 XAPI2-4.2.2.4-scaled', set('result.score.scaled', -1.01)],

  ['XAPI-00087-1 XAPI2-4.2.2.5-registration', set('context.registration', 7)],
  ['XAPI-00087-1 XAPI2-4.2.7-uuid', set('context.registration', 'ec531277-b57b-4c15-8d91-d292c5b2b8f')],
  ['XAPI-00089 XAPI2-4.2.2.5-revision', set('context.revision', 3)],
  ['XAPI-00090 XAPI2-4.2.2.5-platform', set('context.platform', {})],
  ['XAPI-00091 XAPI2-4.2.2.5-language', set('context.language', 7)],
  ['XAPI-00091 XAPI-00013 XAPI2-4.2.7-language-tag', set('context.language', 'a12345')],
  ['XAPI-00092 XAPI2-4.2.2.5-statement', set('context.statement', 'x')],
  ['XAPI-00092 XAPI2-4.2.2.5-statement', no('context.statement.objectType')],
  ['XAPI-00092 XAPI2-4.2.2.5-statement', set('context.statement.id', 'x')],

  ['XAPI-00086 XAPI2-4.2.2.5-context-activities', set('context.contextActivities', 'x')],
  ['XAPI-00086 XAPI2-4.2.2.5-context-activities', set('context.contextActivities', [activity()])],
  ['XAPI-00093 XAPI2-4.2.2.5-context-activities-key', set('context.contextActivities.course', [activity()])],
  ['XAPI-00093 XAPI2-4.2.2.5-context-activities-key', set('context.contextActivities.Parent', [activity()])],
  ['XAPI-00094 XAPI2-4.2.2.5-context-activities-value', set('context.contextActivities.parent', 'x')],
  [
    'XAPI-00094 XAPI2-4.2.2.5-context-activities-value',
    set('context.contextActivities.grouping', [agents.mbox()]),
  ],
  [
    'XAPI-00094 XAPI2-4.2.2.5-context-activities-value',
    set('context.contextActivities.category', statementRef()),
  ],
  ['XAPI-00094 XAPI2-4.2.2.5-context-activities-value', set('context.contextActivities.other[0].id', 'x')],
])

accepts(full, [
  ['XAPI-00083 XAPI2-4.2.2.4-scaled', set('result.score', { scaled: -1 })],
  ['XAPI-00083 XAPI2-4.2.2.4-scaled', set('result.score', { scaled: 1 })],
  ['XAPI-00082 XAPI2-4.2.2.4-raw', set('result.score', { raw: 10, min: 0, max: 10 })],
  ['XAPI-00082 XAPI2-4.2.2.4-raw', set('result.score', { raw: -1000 })],
  ['XAPI-00094 XAPI2-4.2.2.5-context-activities-value', set('context.contextActivities.parent', activity())],
  ['XAPI-00087-2 XAPI2-4.2.2.5-instructor', set('context.instructor', group())],
])

for (const object of [agents.mbox('binh'), anonymousGroup(), statementRef()]) {
  const title = object.objectType
  refuses(withObject(object), [
    ['XAPI-00084 XAPI2-4.2.2.5-revision-object', set('context.revision', title)],
    ['XAPI-00085 XAPI2-4.2.2.5-platform-object', set('context.platform', title)],
  ])
}
refuses(
  (version) => withObject(subStatement(version))(version),
  [
    ['XAPI-00084 XAPI2-4.2.2.5-revision-object', set('context.revision', 'SubStatement')],
    ['XAPI-00085 XAPI2-4.2.2.5-platform-object', set('context.platform', 'SubStatement')],
  ],
)

requirement('XAPI-00096 XAPI2-4.2.4.2-context-activities', 'returns arrays', async (xapi) => {
  const contextActivities = { parent: activity('a'), grouping: activity('b'), category: [activity('c')] }
  const [id] = await xapi.store({ ...minimal(), context: { contextActivities, revision: '1' } })
  expect((await xapi.fetch(id!)).context).toEqual({
    contextActivities: { parent: [activity('a')], grouping: [activity('b')], category: [activity('c')] },
    revision: '1',
  })
  const object = { ...minimal(), objectType: 'SubStatement', context: { contextActivities } }
  const [sub] = await xapi.store({ ...minimal(), object })
  expect((await xapi.fetch(sub!)).object.context.contextActivities.parent).toEqual([activity('a')])
})

const agentsAt = 'context.contextAgents'
const groupsAt = 'context.contextGroups'
refuses(full, [
  ['XAPI2-4.2.2.5-context-agents', set(agentsAt, contextAgent())],
  ['XAPI2-4.2.2.5-context-agents', set(agentsAt, ['x'])],
  ['XAPI2-4.2.2.5-context-agents', set(agentsAt, [agents.mbox()])],
  ['XAPI2-4.2.2.5-context-agents', no(`${agentsAt}[0].objectType`)],
  ['XAPI2-4.2.2.5-context-agents', set(`${agentsAt}[0].objectType`, 'contextagent')],
  ['XAPI2-4.2.2.5-context-agents', no(`${agentsAt}[0].agent`)],
  ['XAPI2-4.2.2.5-context-agents', set(`${agentsAt}[0].agent`, group())],
  ['XAPI2-4.2.2.5-context-agents', set(`${agentsAt}[0].agent`, { name: 'an' })],
  ['XAPI2-4.2.2.5-context-agents', set(`${agentsAt}[0].note`, 'x')],
  ['XAPI2-4.2.2.5-context-groups', set(groupsAt, contextGroup())],
  ['XAPI2-4.2.2.5-context-groups', set(groupsAt, [7])],
  ['XAPI2-4.2.2.5-context-groups', no(`${groupsAt}[0].objectType`)],
  ['XAPI2-4.2.2.5-context-groups', set(`${groupsAt}[0].objectType`, 'contextAgent')],
  ['XAPI2-4.2.2.5-context-groups', no(`${groupsAt}[0].group`)],
  ['XAPI2-4.2.2.5-context-groups', set(`${groupsAt}[0].group`, agents.mbox())],
  ['XAPI2-4.2.2.5-context-groups', set(`${groupsAt}[0].group.member`, 'x')],
  ['XAPI2-4.2.2.5-relevant-types', set(`${agentsAt}[0].relevantTypes`, [])],
  ['XAPI2-4.2.2.5-relevant-types', set(`${agentsAt}[0].relevantTypes`, ['grader'])],
  ['XAPI2-4.2.2.5-relevant-types', set(`${agentsAt}[0].relevantTypes`, 'https://hoc.example/t')],
  ['XAPI2-4.2.2.5-relevant-types', set(`${groupsAt}[0].relevantTypes`, [])],
  ['XAPI2-4.2.2.5-relevant-types', set(`${groupsAt}[0].relevantTypes`, [7])],
])
accepts(full, [
  [
    'XAPI2-4.2.2.5-context-agents',
    set(agentsAt, [contextAgent(), { ...contextAgent(), agent: agents.openid() }]),
  ],
  ['XAPI2-4.2.2.5-context-groups', set(`${groupsAt}[0].group`, anonymousGroup())],
  ['XAPI2-4.2.2.5-relevant-types', no(`${agentsAt}[0].relevantTypes`)],
  ['XAPI2-4.2.2.5-relevant-types', no(`${groupsAt}[0].relevantTypes`)],
])
refuses(
  (version) => ({ ...minimal(), context: { ...context(version), contextAgents: undefined } }),
  [
    ['XAPI-00010', set(agentsAt, [contextAgent()])],
    ['XAPI-00010', set(groupsAt, [contextGroup()])],
  ],
)

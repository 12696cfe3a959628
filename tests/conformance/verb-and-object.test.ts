/** Verbs, activities with their interactions, agents as objects, references and SubStatements. */
import { no, set } from './support/change.ts'
import { accepts, type Row, refuses } from './support/requirement.ts'
import {
  activity,
  agents,
  anonymousGroup,
  full,
  interaction,
  interactions,
  statementRef,
  subStatement,
  uuid,
  withObject,
} from './support/statements.ts'

refuses(full, [
  ['XAPI-00044 XAPI2-4.2.2.2-id', no('verb.id')],
  ['XAPI-00044 XAPI2-4.2.2.2-id', set('verb.id', 7)],
  ['XAPI-00044 XAPI2-4.2.2.2-id', set('verb.id', {})],
  ['XAPI-00044 XAPI2-4.2.2.2-id', set('verb.id', 'completed')],
  ['XAPI-00045 XAPI2-4.2.2.2-display', set('verb.display', 'completed')],
  ['XAPI-00045 XAPI2-4.2.2.2-display', set('verb.display', ['completed'])],
  ['XAPI-00045 XAPI2-4.2.2.2-display', set('verb.display', { en: 7 })],
  ['XAPI-00045 XAPI2-4.2.2.2-display', set('verb.display', { a12345: 'completed' })],

  ['XAPI-00046 XAPI2-4.2.2.3-object-type', set('object.objectType', 'Lesson')],
  ['XAPI-00046 XAPI2-4.2.2.3-object-type', set('object.objectType', 7)],
  ['XAPI-00047 XAPI2-4.2.2.3-activity-id', no('object.id')],
  ['XAPI-00047 XAPI2-4.2.2.3-activity-id', set('object.id', 7)],
  ['XAPI-00047 XAPI2-4.2.2.3-activity-id', set('object.id', 'bai-1')],

  ['XAPI-00048 XAPI2-4.2.2.3-definition', set('object.definition', 'lesson')],
  ['XAPI-00048 XAPI2-4.2.2.3-definition', set('object.definition', [])],
  ['XAPI-00056 XAPI2-4.2.2.3-name', set('object.definition.name', 'Sorting')],
  ['XAPI-00056 XAPI2-4.2.2.3-name', set('object.definition.name', { en: {} })],
  ['XAPI-00056 XAPI2-4.2.7-language-tag', set('object.definition.name', { a12345: 'Sorting' })],
  ['XAPI-00059 XAPI2-4.2.2.3-description', set('object.definition.description', 7)],
  ['XAPI-00059 XAPI2-4.2.7-language-tag', set('object.definition.description', { a12345: 'x' })],
  ['XAPI-00060 XAPI2-4.2.2.3-type', set('object.definition.type', {})],
  ['XAPI-00060 XAPI2-4.2.2.3-type', set('object.definition.type', 'lesson')],
  ['XAPI-00061 XAPI2-4.2.2.3-more-info', set('object.definition.moreInfo', 7)],
  ['XAPI-00061 XAPI2-4.2.2.3-more-info', set('object.definition.moreInfo', 'hoc')],
  ['XAPI-00057 XAPI2-4.2.2.3-extensions', set('object.definition.extensions', 'x')],

  ['XAPI-00049 XAPI2-4.2.4.2-interaction-type', set('object.definition.interactionType', 'quiz')],
  ['XAPI-00049 XAPI2-4.2.2.3-interaction-type', set('object.definition.interactionType', 7)],
  ['XAPI-00049 XAPI2-4.2.4.2-interaction-type', set('object.definition.interactionType', {})],
  ['XAPI-00050 XAPI2-4.2.2.3-correct-responses', set('object.definition.correctResponsesPattern', 'a[,]b')],
  ['XAPI-00050 XAPI2-4.2.2.3-correct-responses', set('object.definition.correctResponsesPattern', [1])],
  ['XAPI-00050 XAPI2-4.2.2.3-correct-responses', set('object.definition.correctResponsesPattern', {})],
])

/** Lists of components, each in an interaction that has it. */
const lists = [
  ['XAPI-00055', 'choice', 'choices'],
  ['XAPI-00055', 'sequencing', 'choices'],
  ['XAPI-00054', 'likert', 'scale'],
  ['XAPI-00053', 'matching', 'source'],
  ['XAPI-00052', 'matching', 'target'],
  ['XAPI-00051', 'performance', 'steps'],
] as const

const listRows = (id: string, list: string): Row[] => [
  [`${id} XAPI2-4.2.2.3-components`, set(list, 'a')],
  [`${id} XAPI2-4.2.2.3-components`, set(list, { id: 'a' })],
  [`${id} XAPI-00063 XAPI2-4.2.2.3-components`, set(list, ['a'])],
  [`${id} XAPI-00063 XAPI2-4.2.2.3-components`, set(list, [7])],
  ['XAPI-00058 XAPI2-4.2.2.3-component-id', no(`${list}[0].id`)],
  ['XAPI-00058 XAPI2-4.2.2.3-component-id', set(`${list}[0].id`, 7)],
  ['XAPI-00058 XAPI2-4.2.2.3-component-id-distinct', set(list, [{ id: 'a' }, { id: 'a' }])],
  ['XAPI-00062 XAPI2-4.2.2.3-component-description', set(`${list}[0].description`, 'a')],
  ['XAPI-00062 XAPI2-4.2.7-language-tag', set(`${list}[0].description`, { a12345: 'a' })],
]

for (const [id, type, list] of lists) {
  refuses(withObject(interaction(type)), listRows(id, `object.definition.${list}`))
  refuses(
    (version) => withObject(subStatement(version, interaction(type)))(version),
    listRows(id, `object.object.definition.${list}`),
  )
}

refuses(withObject(interaction('likert')), [
  ['XAPI2-4.2.2.3-component-lists', set('object.definition.choices', [{ id: 'a' }])],
])
refuses(withObject(interaction('true-false')), [
  ['XAPI2-4.2.2.3-component-lists', set('object.definition.scale', [{ id: 'a' }])],
])

for (const [type, own] of Object.entries(interactions)) {
  accepts(full, [['XAPI-00049 XAPI2-4.2.2.3-interaction-type', set('object', interaction(type))]])
  for (const property of Object.keys(own)) {
    const alone = { ...activity(), definition: { interactionType: type, [property]: own[property] } }
    refuses(withObject(alone), [
      ['XAPI-00064 XAPI2-4.2.4.2-interaction-type', no('object.definition.interactionType')],
    ])
  }
}

refuses(withObject(agents.account('binh')), [
  ['XAPI-00065 XAPI2-4.2.2.3-actor', no('object.objectType')],
  ['XAPI-00034 XAPI2-4.2.2.3-actor', no('object.account')],
])
refuses(withObject(anonymousGroup()), [['XAPI-00065 XAPI2-4.2.2.3-actor', no('object.objectType')]])

refuses(withObject(statementRef()), [
  ['XAPI-00072 XAPI2-4.2.2.3-statement-ref-id', no('object.id')],
  ['XAPI-00072 XAPI2-4.2.2.3-statement-ref-id', set('object.id', 7)],
  ['XAPI-00072 XAPI2-4.2.2.3-statement-ref-id', set('object.id', 'https://hoc.example/1')],
  ['XAPI-00073 XAPI2-4.2.2.3-statement-ref', no('object.objectType')],
  ['XAPI-00073 XAPI2-4.2.2.3-statement-ref', set('object.objectType', 'statementref')],
  ['XAPI-00073 XAPI2-4.2.2.3-statement-ref', set('object.definition', {})],
])

refuses(
  (version) => withObject(subStatement(version))(version),
  [
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', no('object.actor')],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', no('object.verb')],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', no('object.object')],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', set('object.verb.id', 'completed')],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', set('object.result.score.scaled', 2)],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', set('object.context.registration', 'x')],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', set('object.timestamp', 'today')],
    ['XAPI-00066 XAPI2-4.2.2.3-sub-statement', set('object.attachments[0].length', -1)],
    ['XAPI-00067 XAPI2-4.2.2.3-sub-statement-authority', set('object.authority', agents.account())],
    ['XAPI-00068 XAPI2-4.2.2.3-sub-statement-version', set('object.version', '1.0.0')],
    ['XAPI-00069 XAPI2-4.2.2.3-sub-statement-stored', set('object.stored', '2026-03-01T08:30:00Z')],
    ['XAPI-00070 XAPI2-4.2.2.3-sub-statement-id', set('object.id', uuid())],
  ],
)
refuses(
  (version) => withObject(subStatement(version))(version),
  [
    [
      'XAPI-00071 XAPI2-4.2.2.3-sub-statement-nesting XAPI2-4.2.4.2-no-nested-sub-statement',
      set('object.object', { ...subStatement('1.0.3'), context: {} }),
    ],
  ],
)
accepts(
  (version) => withObject(subStatement(version))(version),
  [['XAPI-00066 XAPI2-4.2.2.3-sub-statement', set('object.object', interaction('likert'))]],
)
for (const object of [agents.openid(), anonymousGroup(), statementRef()]) {
  accepts(withObject(object), [
    ['XAPI-00046 XAPI2-4.2.2.3-object-type', set('object.objectType', object.objectType)],
  ])
}

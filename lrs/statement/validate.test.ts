import { describe, expect, test } from 'vitest'
import { PROBLEMS } from './problems.ts'
import {
  contextAgentStatement,
  fullStatement,
  type Loose,
  leastStatement,
  subStatement,
} from './statement.fixture.ts'
import type { Version } from './types.ts'
import { validateActor, validateStatement } from './validate.ts'

const VERSIONS: Version[] = ['1.0.3', '2.0.0']

function told(statement: Loose, version: Version = '1.0.3'): string[] {
  return validateStatement(statement, version, 'statement', 1000).map(({ id, path }) => `${id} ${path}`)
}

describe('what is valid', () => {
  test.each(VERSIONS)('all that 1.0.3 has, the least, and a SubStatement pass in %s', (version) => {
    for (const statement of [fullStatement(), leastStatement(), subStatement()]) {
      expect(told(statement, version)).toEqual([])
    }
  })

  test('contextAgents and contextGroups pass in 2.0', () => {
    expect(told(contextAgentStatement(), '2.0.0')).toEqual([])
  })

  const interactions: Record<string, object> = {
    'true-false': { correctResponsesPattern: ['true'] },
    choice: { choices: [{ id: 'a' }] },
    sequencing: { choices: [{ id: 'a' }] },
    likert: { scale: [{ id: '1' }] },
    matching: { source: [{ id: 'a' }], target: [{ id: 'b' }] },
    performance: { steps: [{ id: 's' }] },
    'fill-in': {},
    'long-fill-in': {},
    numeric: {},
    other: {},
  }
  test.each(Object.entries(interactions))(
    'an interaction of type %s passes with its lists',
    (interactionType, own) => {
      const statement = leastStatement()
      statement.object.definition = { interactionType, ...own }
      expect(told(statement)).toEqual([])
    },
  )

  test.each([
    'vi',
    'en-GB',
    'zh-Hant-TW',
    'sr-Latn-RS',
    'de-CH-1901',
    'cmn',
    'i-klingon',
    'x-local',
    'sl-rozaj-biske',
    'en-a-bbb-x-c',
  ])('XAPI-00121: %s is a language tag', (tag) => {
    const statement = leastStatement()
    statement.verb.display = { [tag]: 'x' }
    statement.context = { language: tag }
    expect(told(statement)).toEqual([])
  })
})

type Case = [problem: string, path: string, change: (statement: Loose) => void]

const CASES: Case[] = [
  // Any property
  ['value-null', 'actor', (s) => (s.actor = null)],
  ['value-null', 'context', (s) => (s.context = null)],
  ['value-null', 'result.score.raw', (s) => (s.result.score.raw = null)],
  ['value-null', 'object.definition.name.vi', (s) => (s.object.definition.name.vi = null)],
  ['property-unknown', 'colour', (s) => (s.colour = 1)],
  ['property-unknown', 'actor.member[0].age', (s) => (s.actor.member[0].age = 1)],
  ['property-unknown', 'verb["a b"]', (s) => (s.verb['a b'] = 1)],
  ['property-case', 'Timestamp', (s) => (s.Timestamp = s.timestamp)],
  ['property-case', 'result.score.Raw', (s) => (s.result.score.Raw = 1)],
  // Statement
  ['statement-id', 'id', (s) => (s.id = '6690e6c9')],
  ['statement-id', 'id', (s) => (s.id = 7)],
  ['statement-actor', 'actor', (s) => delete s.actor],
  ['statement-actor', 'actor', (s) => (s.actor = 'lan')],
  ['statement-verb', 'verb', (s) => delete s.verb],
  ['statement-object', 'object', (s) => delete s.object],
  ['statement-object', 'object', (s) => (s.object = [])],
  ['statement-result', 'result', (s) => (s.result = [])],
  ['statement-context', 'context', (s) => (s.context = 'x')],
  ['timestamp', 'timestamp', (s) => (s.timestamp = '2026-05-04T12:00:00-00:00')],
  ['timestamp', 'timestamp', (s) => (s.timestamp = 1446740000000)],
  ['stored', 'stored', (s) => (s.stored = 'today')],
  ['version', 'version', (s) => (s.version = '1.1.0')],
  ['version', 'version', (s) => (s.version = '0.95')],
  ['version', 'version', (s) => (s.version = 1)],
  // Actors
  ['actor-object-type', 'actor.objectType', (s) => (s.actor = { objectType: 'group', mbox: 'mailto:a@b.c' })],
  ['actor-object-type', 'actor.objectType', (s) => (s.actor = { objectType: 1, mbox: 'mailto:a@b.c' })],
  ['actor-object-type', 'actor.member[0].objectType', (s) => (s.actor.member[0].objectType = 'Group')],
  ['agent-name', 'actor.name', (s) => (s.actor.name = 1)],
  ['agent-identifier', 'actor', (s) => (s.actor = { name: 'Lan' })],
  ['agent-identifier', 'actor', (s) => (s.actor = { mbox: 'mailto:a@b.c', openid: 'https://a.b' })],
  ['agent-identifier', 'actor.member[1]', (s) => (s.actor.member[1] = {})],
  ['group-identifier', 'actor', (s) => (s.actor = { objectType: 'Group' })],
  ['group-identifier', 'actor', (s) => (s.actor.openid = 'https://a.b')],
  ['group-member', 'actor.member', (s) => (s.actor.member = {})],
  ['group-member', 'actor.member[0]', (s) => (s.actor.member[0] = 'lan')],
  ['agent-mbox', 'actor.mbox', (s) => (s.actor = { mbox: 'lan@example.org' })],
  ['agent-mbox', 'actor.mbox', (s) => (s.actor = { mbox: 'mailto:lan' })],
  ['agent-mbox', 'actor.mbox', (s) => (s.actor = { mbox: 'mailto:a@b.c,d@e.f' })],
  ['agent-mbox', 'actor.mbox', (s) => (s.actor = { mbox: 'mailto:a@b.c?subject=x' })],
  ['agent-mbox-sha1sum', 'actor.mbox_sha1sum', (s) => (s.actor = { mbox_sha1sum: 'ebd31e95' })],
  ['agent-openid', 'actor.openid', (s) => (s.actor = { openid: 'lan' })],
  ['agent-account', 'actor.account', (s) => (s.actor.account = 'x')],
  ['account-home-page', 'actor.account.homePage', (s) => delete s.actor.account.homePage],
  ['account-home-page', 'actor.account.homePage', (s) => (s.actor.account.homePage = 'lms.example.org')],
  ['account-name', 'actor.account.name', (s) => (s.actor.account.name = 12)],
  ['property-unknown', 'actor.account.id', (s) => (s.actor.account.id = 'x')],
  ['authority', 'authority', (s) => (s.authority = 'lms')],
  ['agent-identifier', 'authority', (s) => (s.authority = {})],
  ['authority-group', 'authority', (s) => (s.authority = s.actor)],
  [
    'authority-group',
    'authority.member',
    (s) => (s.authority = { objectType: 'Group', member: [{ mbox: 'mailto:a@b.c' }] }),
  ],
  // Verb
  ['verb-id', 'verb.id', (s) => delete s.verb.id],
  ['verb-id', 'verb.id', (s) => (s.verb.id = 'answered')],
  ['verb-display', 'verb.display', (s) => (s.verb.display = 'answered')],
  ['language-tag', 'verb.display.a12345', (s) => (s.verb.display = { a12345: 'x' })],
  ['language-text', 'verb.display.vi', (s) => (s.verb.display.vi = 1)],
  ['voiding-object', 'object.objectType', (s) => (s.verb.id = 'http://adlnet.gov/expapi/verbs/voided')],
  // Object
  ['object-object-type', 'object.objectType', (s) => (s.object.objectType = 'activity')],
  ['activity-id', 'object.id', (s) => delete s.object.id],
  ['activity-id', 'object.id', (s) => (s.object.id = 'quiz/1')],
  ['activity-definition', 'object.definition', (s) => (s.object.definition = 'x')],
  ['definition-name', 'object.definition.name', (s) => (s.object.definition.name = 'x')],
  ['definition-description', 'object.definition.description', (s) => (s.object.definition.description = 1)],
  ['definition-type', 'object.definition.type', (s) => (s.object.definition.type = 'quiz')],
  ['definition-more-info', 'object.definition.moreInfo', (s) => (s.object.definition.moreInfo = '/about')],
  ['definition-extensions', 'object.definition.extensions', (s) => (s.object.definition.extensions = [])],
  [
    'extension-key',
    'object.definition.extensions.level',
    (s) => (s.object.definition.extensions = { level: 1 }),
  ],
  [
    'interaction-type',
    'object.definition.interactionType',
    (s) => (s.object.definition.interactionType = 'Choice'),
  ],
  [
    'interaction-type-missing',
    'object.definition.interactionType',
    (s) => delete s.object.definition.interactionType,
  ],
  [
    'correct-responses-pattern',
    'object.definition.correctResponsesPattern[0]',
    (s) => (s.object.definition.correctResponsesPattern = [true]),
  ],
  [
    'correct-responses-pattern',
    'object.definition.correctResponsesPattern',
    (s) => (s.object.definition.correctResponsesPattern = 'a'),
  ],
  ['interaction-choices', 'object.definition.choices', (s) => (s.object.definition.choices = { id: 'a' })],
  ['interaction-component', 'object.definition.choices[0]', (s) => (s.object.definition.choices = ['a'])],
  ['interaction-list', 'object.definition', (s) => (s.object.definition.interactionType = 'numeric')],
  ['component-id', 'object.definition.choices[0].id', (s) => delete s.object.definition.choices[0].id],
  [
    'component-id-repeated',
    'object.definition.choices[1].id',
    (s) => (s.object.definition.choices[1].id = 'a'),
  ],
  [
    'component-description',
    'object.definition.choices[0].description',
    (s) => (s.object.definition.choices[0].description = 'Giấy'),
  ],
  // Result
  ['result-score', 'result.score', (s) => (s.result.score = 5)],
  ['result-success', 'result.success', (s) => (s.result.success = 'true')],
  ['result-completion', 'result.completion', (s) => (s.result.completion = 1)],
  ['result-response', 'result.response', (s) => (s.result.response = ['a'])],
  ['result-duration', 'result.duration', (s) => (s.result.duration = 'P4W1D')],
  ['result-extensions', 'result.extensions', (s) => (s.result.extensions = 'x')],
  ['extension-key', 'result.extensions.tries', (s) => (s.result.extensions = { tries: 1 })],
  ['score-scaled', 'result.score.scaled', (s) => (s.result.score.scaled = 1.01)],
  ['score-scaled', 'result.score.scaled', (s) => (s.result.score.scaled = '0.5')],
  ['score-raw', 'result.score.raw', (s) => (s.result.score.raw = 11)],
  ['score-raw', 'result.score.raw', (s) => (s.result.score.raw = -1)],
  ['score-min', 'result.score.min', (s) => (s.result.score = { min: 10, max: 10 })],
  ['score-max', 'result.score.max', (s) => (s.result.score.max = 'ten')],
  // Context
  ['context-registration', 'context.registration', (s) => (s.context.registration = 'x')],
  ['context-instructor', 'context.instructor', (s) => (s.context.instructor = 'x')],
  ['agent-identifier', 'context.instructor', (s) => (s.context.instructor = {})],
  ['context-team', 'context.team', (s) => (s.context.team = 'x')],
  ['group-object-type', 'context.team.objectType', (s) => (s.context.team = { mbox: 'mailto:a@b.c' })],
  [
    'actor-object-type',
    'context.team.objectType',
    (s) => (s.context.team = { objectType: 'Agent', mbox: 'mailto:a@b.c' }),
  ],
  ['context-activities', 'context.contextActivities', (s) => (s.context.contextActivities = [])],
  [
    'context-activities-key',
    'context.contextActivities.child',
    (s) => (s.context.contextActivities.child = []),
  ],
  [
    'context-activities-value',
    'context.contextActivities.parent',
    (s) => (s.context.contextActivities.parent = 'x'),
  ],
  [
    'context-activities-value',
    'context.contextActivities.parent[0]',
    (s) => (s.context.contextActivities.parent = ['x']),
  ],
  [
    'activity-id',
    'context.contextActivities.category.id',
    (s) => (s.context.contextActivities.category = {}),
  ],
  [
    'object-object-type',
    'context.contextActivities.parent[0].objectType',
    (s) => (s.context.contextActivities.parent[0].objectType = 'Agent'),
  ],
  ['context-revision', 'context.revision', (s) => (s.context.revision = 2)],
  ['context-platform', 'context.platform', (s) => (s.context.platform = {})],
  ['context-language', 'context.language', (s) => (s.context.language = 'Vietnamese language')],
  ['context-statement', 'context.statement', (s) => (s.context.statement = 'x')],
  ['statement-ref-object-type', 'context.statement.objectType', (s) => delete s.context.statement.objectType],
  ['statement-ref-id', 'context.statement.id', (s) => (s.context.statement.id = 'x')],
  ['context-extensions', 'context.extensions', (s) => (s.context.extensions = true)],
  ['extension-key', 'context.extensions[""]', (s) => (s.context.extensions = { '': 1 })],
  // Attachments
  ['attachments', 'attachments', (s) => (s.attachments = {})],
  ['attachment', 'attachments[0]', (s) => (s.attachments = [1])],
  ['attachment-usage-type', 'attachments[0].usageType', (s) => (s.attachments[0].usageType = 'photo')],
  ['attachment-display', 'attachments[0].display', (s) => delete s.attachments[0].display],
  ['attachment-description', 'attachments[0].description', (s) => (s.attachments[0].description = 'x')],
  ['attachment-content-type', 'attachments[0].contentType', (s) => (s.attachments[0].contentType = 'jpeg')],
  ['attachment-length', 'attachments[0].length', (s) => (s.attachments[0].length = 1.5)],
  ['attachment-length', 'attachments[0].length', (s) => (s.attachments[0].length = -1)],
  ['attachment-sha2', 'attachments[0].sha2', (s) => (s.attachments[0].sha2 = 'x')],
  ['attachment-file-url', 'attachments[0].fileUrl', (s) => (s.attachments[0].fileUrl = 'photo.jpg')],
]

describe.each(VERSIONS)('each rule of %s is enforced, and nothing else is told', (version) => {
  test.each(CASES)('%s at %s', (problem, path, change) => {
    const statement = fullStatement()
    change(statement)
    expect(told(statement, version)).toEqual([`${problem} statement.${path}`])
  })
})

describe('rules about what the object is', () => {
  test.each(['Agent', 'Group'])(
    'XAPI-00084, XAPI-00085: revision and platform are not for an object of type %s',
    (objectType) => {
      const statement = fullStatement()
      statement.object = { objectType, mbox: 'mailto:a@b.c' }
      expect(told(statement)).toEqual([
        'context-revision-object statement.context',
        'context-platform-object statement.context',
      ])
    },
  )
  test('XAPI-00067 to XAPI-00071: a SubStatement has no id, stored, version, authority, nor a SubStatement', () => {
    const statement = subStatement()
    Object.assign(statement.object, {
      id: '6690e6c9-3ef0-4ed3-8b37-7f3964730bee',
      stored: '2026-05-04T12:00:00Z',
      version: '1.0.0',
      authority: { mbox: 'mailto:a@b.c' },
      object: subStatement().object,
    })
    expect(told(statement).sort()).toEqual([
      'sub-statement-authority statement.object.authority',
      'sub-statement-id statement.object.id',
      'sub-statement-object-type statement.object.object.objectType',
      'sub-statement-stored statement.object.stored',
      'sub-statement-version statement.object.version',
    ])
  })
  test('XAPI-00066: a SubStatement follows the rules of statements', () => {
    const statement = subStatement()
    const broken = fullStatement()
    statement.object = {
      objectType: 'SubStatement',
      actor: {},
      verb: {},
      object: broken.object,
      result: { score: { min: 2, max: 1 } },
    }
    broken.object.definition.choices[1].id = 'a'
    expect(told(statement)).toEqual([
      'agent-identifier statement.object.actor',
      'verb-id statement.object.verb.id',
      'score-min statement.object.result.score.min',
      'component-id-repeated statement.object.object.definition.choices[1].id',
    ])
  })
  test('XAPI-00065: an Agent as object must say so, else it is taken for an Activity', () => {
    const statement = leastStatement()
    statement.object = { mbox: 'mailto:a@b.c' }
    expect(told(statement)).toEqual([
      'activity-id statement.object.id',
      'property-unknown statement.object.mbox',
    ])
  })
})

describe('what differs between the versions', () => {
  test('contextAgents and contextGroups are refused in 1.0.3, and in what calls itself 1.0 under a 2.0 header', () => {
    const expected = [
      'context-agents-version statement.context.contextAgents',
      'context-agents-version statement.context.contextGroups',
    ]
    expect(told(contextAgentStatement(), '1.0.3')).toEqual(expected)
    expect(told({ ...contextAgentStatement(), version: '1.0.3' }, '2.0.0')).toEqual(expected)
  })
  test.each<[string, (context: Loose) => void]>([
    ['context-agents statement.context.contextAgents', (c) => (c.contextAgents = {})],
    [
      'context-agents statement.context.contextAgents[0].objectType',
      (c) => (c.contextAgents[0].objectType = 'Agent'),
    ],
    ['context-agents statement.context.contextAgents[0].agent', (c) => delete c.contextAgents[0].agent],
    ['agent-identifier statement.context.contextAgents[0].agent', (c) => (c.contextAgents[0].agent = {})],
    [
      'relevant-types statement.context.contextAgents[0].relevantTypes',
      (c) => (c.contextAgents[0].relevantTypes = []),
    ],
    [
      'relevant-types statement.context.contextAgents[0].relevantTypes[0]',
      (c) => (c.contextAgents[0].relevantTypes = ['coach']),
    ],
    [
      'context-groups statement.context.contextGroups[0].objectType',
      (c) => delete c.contextGroups[0].objectType,
    ],
    [
      'group-object-type statement.context.contextGroups[0].group.objectType',
      (c) => delete c.contextGroups[0].group.objectType,
    ],
  ])('2.0: %s', (problem, change) => {
    const statement = contextAgentStatement()
    change(statement.context)
    expect(told(statement, '2.0.0')).toEqual([problem])
  })
  test('version 2.0.x is for 2.0 only, 1.0.x for both', () => {
    for (const [version, in1, in2] of [
      ['1.0', true, true],
      ['1.0.9', true, true],
      ['2.0', false, true],
      ['2.0.1', false, true],
      ['2.1.0', false, false],
    ] as const) {
      const statement = { ...leastStatement(), version }
      expect([told(statement, '1.0.3').length === 0, told(statement, '2.0.0').length === 0]).toEqual([
        in1,
        in2,
      ])
    }
  })
  test('a timestamp without zone passes in 1.0.3 only', () => {
    const statement = { ...leastStatement(), timestamp: '2026-05-04T12:00:00' }
    expect(told(statement, '1.0.3')).toEqual([])
    expect(told(statement, '2.0.0')).toEqual(['timestamp statement.timestamp'])
  })
  test('each version cites its own requirement', () => {
    const cited = VERSIONS.map(
      (version) => validateStatement({ ...leastStatement(), actor: {} }, version, 's', 9)[0],
    )
    expect(cited.map((each) => each?.requirement)).toEqual(['XAPI-00034', 'XAPI2-4.2.2.1-one-identifier'])
  })
})

describe('whatever is sent', () => {
  test.each([null, 1, 'x', [], true])('%j is no statement', (value) => {
    expect(told(value)[0]).toMatch(/^(statement|value-null) statement$/)
  })
  test('all that is wrong is told at once', () => {
    expect(told({ actor: {}, verb: {}, object: {}, extra: 1 })).toEqual([
      'property-unknown statement.extra',
      'agent-identifier statement.actor',
      'verb-id statement.verb.id',
      'activity-id statement.object.id',
    ])
  })
  test('a key named __proto__ or constructor is just unknown', () => {
    const statement = JSON.parse(
      `{"__proto__":{"id":1},"constructor":1,${JSON.stringify(leastStatement()).slice(1)}`,
    )
    expect(told(statement).sort()).toEqual([
      'property-unknown statement.__proto__',
      'property-unknown statement.constructor',
    ])
  })
  test('a huge statement is told one thing, without being looked through for more', () => {
    const statement = { ...leastStatement(), attachments: Array(200_000).fill(1) }
    expect(validateStatement(statement, '1.0.3', 's', 400_000)).toHaveLength(1)
  })
  test('an Agent that stands alone is held to the same rules', () => {
    expect(validateActor({ mbox: 'mailto:a@b.c' }, '1.0.3', 'parameter agent')).toEqual([])
    expect(validateActor({ mbox: 'x' }, '1.0.3', 'parameter agent')[0]?.path).toBe('parameter agent.mbox')
    expect(validateActor([], '1.0.3', 'parameter agent')).toHaveLength(1)
  })
  test('every problem that the schemas name has a case here', () => {
    const tested = new Set(CASES.map(([problem]) => problem))
    const elsewhere =
      /^(json-|statement-large|statements-many|signature-|sub-statement-|attachment-part|statement-(id-|single|shape)|context-(agents|groups|revision-object|platform-object)|relevant-types|interaction-(scale|source|target|steps))/
    const missing = Object.keys(PROBLEMS).filter(
      (id) => !tested.has(id) && !elsewhere.test(id) && id !== 'statement',
    )
    expect(missing).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { activitiesIn, type FormatOptions, formatStatement } from './format.ts'
import { contextAgentStatement, fullStatement, type Loose, subStatement } from './statement.fixture.ts'

function read(statement: Loose, options: Partial<FormatOptions> & Pick<FormatOptions, 'format'>): Loose {
  return JSON.parse(formatStatement(JSON.stringify(statement), { version: '2.0.0', ...options }))
}

describe('exact', () => {
  test.each(['1.0.3', '2.0.0'] as const)(
    'XAPI-00170: the text as it is stored, for a reader of %s',
    (version) => {
      const text = ` ${JSON.stringify(fullStatement(), null, 3)}`
      expect(formatStatement(text, { format: 'exact', version })).toBe(text)
    },
  )
})

describe('ids (XAPI-00171)', () => {
  test('what identifies, and nothing more; members only of an anonymous Group', () => {
    const sent = fullStatement()
    const { actor, verb, object, context, result, ...rest } = read(sent, { format: 'ids' })
    expect(actor).toEqual({ objectType: 'Group', account: sent.actor.account })
    expect(verb).toEqual({ id: sent.verb.id })
    expect(object).toEqual({ id: sent.object.id })
    expect(context).toEqual({
      ...sent.context,
      team: { objectType: 'Group', member: [{ mbox: 'mailto:hoa@example.org' }] },
      contextActivities: {
        parent: [{ id: 'https://lms.example.org/course/7' }],
        category: { id: 'https://lms.example.org/type/quiz' },
      },
    })
    expect(result).toEqual(sent.result)
    expect(rest).toEqual({
      id: sent.id,
      timestamp: sent.timestamp,
      version: '1.0.0',
      attachments: sent.attachments,
    })
  })
  test('in a SubStatement, an object, an authority and contextAgents too', () => {
    const sent = subStatement()
    const named = { name: 'Lan', mbox: 'mailto:lan@example.org' }
    sent.authority = named
    sent.object.actor = named
    sent.object.object = { objectType: 'Agent', ...named }
    sent.object.context = { contextAgents: [{ objectType: 'contextAgent', agent: named }] }
    const mbox = { mbox: named.mbox }
    expect(read(sent, { format: 'ids' })).toMatchObject({ authority: mbox })
    expect(read(sent, { format: 'ids' }).object).toEqual({
      objectType: 'SubStatement',
      actor: mbox,
      verb: sent.object.verb,
      object: { objectType: 'Agent', ...mbox },
      context: { contextAgents: [{ objectType: 'contextAgent', agent: mbox }] },
    })
  })
})

describe('canonical (XAPI-00169, XAPI-00172)', () => {
  test('one language in each map, chosen for each map by itself; agents as they were', () => {
    const sent = fullStatement()
    const { verb, object, actor, context } = read(sent, {
      format: 'canonical',
      acceptLanguage: 'en-GB, en;q=0.5',
    })
    expect(verb.display).toEqual({ en: 'answered' })
    expect(object.definition).toEqual({
      ...sent.object.definition,
      name: { 'en-GB': 'Sorting waste' },
      choices: [
        { id: 'a', description: { en: 'Paper' } },
        { id: 'b', description: { vi: 'Nhựa' } },
      ],
    })
    expect(actor).toEqual(sent.actor)
    expect(context).toEqual(sent.context)
  })
  test('without Accept-Language still one language only', () => {
    const { verb, object } = read(fullStatement(), { format: 'canonical' })
    expect([verb.display, object.definition.name]).toEqual([{ vi: 'đã trả lời' }, { vi: 'Phân loại rác' }])
  })
  test('the canonical definition takes the place of the one that was sent, and comes where none was', () => {
    const sent = fullStatement()
    const definitions = new Map([
      [sent.object.id, '{"name":{"vi":"Rác","en":"Waste"},"extensions":{"urn:x":1.0}}'],
      ['https://lms.example.org/course/7', '{"type":"urn:course"}'],
    ])
    const text = formatStatement(JSON.stringify(sent), {
      format: 'canonical',
      version: '1.0.3',
      acceptLanguage: 'en',
      definitions,
    })
    expect(text).toContain('"definition":{"name":{"en":"Waste"},"extensions":{"urn:x":1.0}}')
    const { parent, category } = JSON.parse(text).context.contextActivities
    expect(parent).toEqual([{ id: 'https://lms.example.org/course/7', definition: { type: 'urn:course' } }])
    expect(category).toEqual(sent.context.contextActivities.category)
  })
  test('tokens that no language concerns stay as they were sent', () => {
    const text = JSON.stringify(fullStatement())
      .replace('"raw":5', '"raw":5.00')
      .replace('"a[,]b"', '"a[,]\\u0062"')
    const read = formatStatement(text, { format: 'canonical', version: '1.0.3' })
    expect(read).toContain('"raw":5.00')
    expect(read).toContain('"a[,]\\u0062"')
  })
  test('the activities whose definitions are wanted', () => {
    expect(activitiesIn(JSON.stringify(fullStatement())).sort()).toEqual([
      'https://lms.example.org/course/7',
      'https://lms.example.org/quiz/1',
      'https://lms.example.org/type/quiz',
    ])
    expect(activitiesIn(JSON.stringify(subStatement()))).toEqual(['https://lms.example.org/page/1'])
  })
})

describe('a 2.0 statement for a reader of 1.0.x (ADR 0005)', () => {
  test.each(['exact', 'ids', 'canonical'] as const)(
    '%s comes without contextAgents and contextGroups',
    (format) => {
      const sent = { ...contextAgentStatement(), version: '2.0.0' }
      expect(read(sent, { format, version: '1.0.3' })).toEqual({ ...sent, context: { platform: 'LMS' } })
      expect(read(sent, { format, version: '2.0.0' })).toEqual(sent)
    },
  )
  test('from a SubStatement too, and when the name hides behind an escape', () => {
    const sent = subStatement()
    sent.object.context = contextAgentStatement().context
    expect(read(sent, { format: 'exact', version: '1.0.3' }).object.context).toEqual({ platform: 'LMS' })
    const hidden = JSON.stringify(contextAgentStatement()).replace('contextAgents', '\\u0063ontextAgents')
    const text = formatStatement(hidden.replace('contextGroups', '\\u0063ontextGroups'), {
      format: 'exact',
      version: '1.0.3',
    })
    expect(JSON.parse(text).context).toEqual({ platform: 'LMS' })
  })
})

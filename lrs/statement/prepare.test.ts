import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StatementRecord } from '../storage/port.ts'
import { type JsonNode, member, scan } from './json.ts'
import { prepareStatements } from './prepare.ts'
import { caller, fullStatement, type Loose, leastStatement, subStatement } from './statement.fixture.ts'
import type { ReceivedPart, ReceivedStatements } from './types.ts'

const ID = '6690e6c9-3ef0-4ed3-8b37-7f3964730bee'

function prepare(sent: Loose, more: Partial<ReceivedStatements> = {}) {
  const text = typeof sent === 'string' ? sent : JSON.stringify(sent)
  return prepareStatements({ text, version: '1.0.3', parts: [], ...more }, caller)
}

async function recordsOf(sent: Loose, more: Partial<ReceivedStatements> = {}): Promise<StatementRecord[]> {
  const prepared = await prepare(sent, more)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.records
}

async function recordOf(sent: Loose, more: Partial<ReceivedStatements> = {}): Promise<StatementRecord> {
  const [record] = await recordsOf(sent, more)
  return record as StatementRecord
}

async function told(sent: Loose, more: Partial<ReceivedStatements> = {}): Promise<string[]> {
  const prepared = await prepare(sent, more)
  return prepared.ok ? [] : prepared.problems.map(({ id, path }) => `${id} ${path}`)
}

describe('what the store sets', () => {
  test('XAPI-00026: an id is made when none was sent, sortable by time', async () => {
    const record = await recordOf(leastStatement())
    expect(record.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(JSON.parse(record.text).id).toBe(record.id)
  })
  test('an id is kept as sent in the text, and in lower case as the key', async () => {
    const record = await recordOf({ ...leastStatement(), id: ID.toUpperCase() })
    expect([record.id, JSON.parse(record.text).id]).toEqual([ID, ID.toUpperCase()])
  })
  test("XAPI-00099: the authority is always the caller's", async () => {
    const sent = { ...leastStatement(), authority: { mbox: 'mailto:somebody@example.org' } }
    const { text } = await recordOf(sent)
    expect(JSON.parse(text).authority).toEqual(caller.authority)
    expect(text).not.toContain('somebody')
  })
  test('stored is taken out, so that the store can set it', async () => {
    const { text } = await recordOf({ stored: '2020-01-01T00:00:00Z', ...leastStatement() })
    expect(text.startsWith('{"')).toBe(true)
    expect(text).not.toContain('"stored"')
  })
  test('a missing timestamp is left to the store, one that was sent is kept', async () => {
    expect((await recordOf(leastStatement())).needsTimestamp).toBe(true)
    expect((await recordOf(fullStatement())).needsTimestamp).toBe(false)
  })
  test('XAPI-00332: version is 1.0.0 or 2.0.0 when none was sent, else as sent', async () => {
    const versionOf = async (sent: Loose, version: '1.0.3' | '2.0.0') =>
      JSON.parse((await recordOf(sent, { version })).text).version
    expect(await versionOf(leastStatement(), '1.0.3')).toBe('1.0.0')
    expect(await versionOf(leastStatement(), '2.0.0')).toBe('2.0.0')
    expect(await versionOf({ ...leastStatement(), version: '1.0.9' }, '2.0.0')).toBe('1.0.9')
  })
  test('XAPI-00096: a single context activity becomes a list, in a SubStatement too', async () => {
    const sent = subStatement()
    sent.object.context = { contextActivities: { other: { id: 'urn:a' }, parent: [{ id: 'urn:b' }] } }
    sent.context = { contextActivities: { grouping: { id: 'urn:c' } } }
    const kept = JSON.parse((await recordOf(sent)).text)
    expect(kept.context.contextActivities).toEqual({ grouping: [{ id: 'urn:c' }] })
    expect(kept.object.context.contextActivities).toEqual({
      other: [{ id: 'urn:a' }],
      parent: [{ id: 'urn:b' }],
    })
  })
  test('XAPI2-4.2.7: under 2.0 timestamps become UTC, to their last digit; under 1.0.3 they stay', async () => {
    const sent = { ...subStatement(), timestamp: '2026-05-04T00:00:00.1234567+07:00' }
    sent.object.timestamp = '2026-12-31T23:00:00-05:00'
    const two = JSON.parse((await recordOf(sent, { version: '2.0.0' })).text)
    expect([two.timestamp, two.object.timestamp]).toEqual([
      '2026-05-03T17:00:00.1234567Z',
      '2027-01-01T04:00:00Z',
    ])
    expect(JSON.parse((await recordOf(sent)).text).timestamp).toBe(sent.timestamp)
    for (const [written, utc] of [
      ['2026-05-04T06:00:00+07', '2026-05-03T23:00:00Z'],
      ['2026-05-04T06:00:00.50+0730', '2026-05-03T22:30:00.50Z'],
      ['2026-05-04T06:00:00+0000', '2026-05-04T06:00:00Z'],
      ['2026-05-04T06:00:00+00:00', '2026-05-04T06:00:00+00:00'],
    ]) {
      const statement = { ...leastStatement(), timestamp: written }
      const { text } = await recordOf(statement, { version: '2.0.0' })
      expect(JSON.parse(text).timestamp).toBe(utc)
      expect(JSON.parse((await recordOf(statement)).text).timestamp).toBe(written)
    }
  })
})

describe('everything else stays as sent, token by token', () => {
  test('numbers of any length, order of keys, escapes, integer-like keys, __proto__', async () => {
    const extensions =
      '{"urn:b":[1.0,12345678901234567890,-0.00,1E+2,0.1234567890123456789012345678901234567890],"urn:a":{"10":"\\u00e9","2":"\\/","__proto__":{"x":null}}}'
    const { text } = await recordOf(
      `{ "verb" : {"id":"urn:v"}, "result":{"extensions":${extensions}},"object":{"id":"urn:o"},"actor":{"mbox":"mailto:a@b.c"}}`,
    )
    expect(text).toContain(extensions)
    expect(text).toMatch(/"verb" : .*"result":.*"object":.*"actor":/)
  })

  const SET = new Set(['id', 'stored', 'authority', 'version', 'timestamp'])
  const kept = (text: string) =>
    (scan(text).node as JsonNode).members
      .filter(({ key }) => !SET.has(key))
      .map(({ start, value }) => text.slice(start, value.end))
  test('the text less what is set is what was sent, for any extension in any spacing', async () => {
    const value = fc.jsonValue({ maxDepth: 6 }).filter((any) => scan(JSON.stringify(any)).faultCount === 0)
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(0, 3, '\t'), fc.boolean(), async (any, space, first) => {
        const statement = fullStatement()
        delete statement.context.contextActivities
        statement.result.extensions = { 'urn:any': any }
        const sent = first
          ? { stored: '2020-01-01T00:00:00Z', authority: caller.authority, ...statement }
          : { ...statement, authority: caller.authority, stored: '2020-01-01T00:00:00Z' }
        const source = JSON.stringify(sent, null, space as string)
        const { text } = await recordOf(source)
        expect(kept(text).map((each) => JSON.parse(`{${each}}`))).toEqual(
          kept(source).map((each) => JSON.parse(`{${each}}`)),
        )
        for (const name of ['actor', 'verb', 'object', 'context', 'result']) {
          const [before, after] = [source, text].map((whole) => member(scan(whole).node as JsonNode, name))
          const tokens = (whole: string, node: JsonNode | undefined): string[] =>
            !node
              ? []
              : node.kind === 'object' || node.kind === 'array'
                ? [...node.members.map(({ value: inner }) => inner), ...node.items].flatMap((inner) =>
                    tokens(whole, inner),
                  )
                : [whole.slice(node.start, node.end)]
          expect(tokens(text, after)).toEqual(tokens(source, before))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a statement as deep as is allowed stays readable when a list is made of a context activity', async () => {
    const sent = leastStatement()
    let deep: Loose = 1
    // statement, context, contextActivities, activity, definition, extensions: six levels around it.
    for (let level = 0; level < 58; level++) deep = [deep]
    sent.context = {
      contextActivities: { parent: { id: 'urn:p', definition: { extensions: { 'urn:x': deep } } } },
    }
    const { text } = await recordOf(sent)
    const { scanStored } = await import('./json.ts')
    expect(scanStored(text).kind).toBe('object')
  })
})

describe('batches', () => {
  test('ids come back in the order sent', async () => {
    const prepared = await prepare([leastStatement(), { ...leastStatement(), id: ID }, leastStatement()])
    if (!prepared.ok) throw new Error('refused')
    expect(prepared.ids).toEqual(prepared.records.map(({ id }) => id))
    expect(prepared.ids[1]).toBe(ID)
  })
  test('an empty batch is empty', async () => {
    expect(await prepare([])).toEqual({ ok: true, records: [], ids: [] })
  })
  test('one id twice is refused, whatever its case', async () => {
    const sent = [ID, ID.toUpperCase()].map((id) => ({ ...leastStatement(), id }))
    expect(await told(sent)).toEqual(['statement-id-repeated statements[1].id'])
  })
  test('every problem has the place of its statement', async () => {
    const wrong = { ...leastStatement(), verb: {} }
    expect(await told([leastStatement(), wrong, 7])).toEqual([
      'verb-id statements[1].verb.id',
      'statement statements[2]',
    ])
  })
  test('a hundred problems are told, all are counted', async () => {
    const prepared = await prepare(Array(150).fill({}))
    expect(prepared).toMatchObject({ ok: false, total: 450 })
    if (!prepared.ok) expect(prepared.problems).toHaveLength(100)
  })

  test('of a million pieces of nonsense ten thousand are counted', async () => {
    const prepared = await prepare(`[${'0,'.repeat(1_000_000)}0]`)
    expect(prepared).toMatchObject({ ok: false, total: 10_000 })
  })
  test('JSON faults and rules are told together, with their place in the text', async () => {
    const text =
      '[{"actor":{"mbox":"mailto:a@b.c","mbox":"mailto:a@b.c"},\n"verb":{"id":"\\u0000"},"object":{"id":"urn:o"}}]'
    const prepared = await prepare(text)
    expect(prepared).toMatchObject({ ok: false, total: 3 })
    if (prepared.ok) return
    expect(prepared.problems[0]).toMatchObject({ id: 'json-repeated-key', path: 'statements[0].actor.mbox' })
    expect(prepared.problems[1]?.message).toContain('line 2, column 14')
    expect(prepared.problems[2]).toMatchObject({ id: 'verb-id', path: 'statements[0].verb.id' })
  })
})

describe('PUT', () => {
  test('XAPI-00145: the id of the parameter is set, or must be the one sent', async () => {
    expect((await recordOf(leastStatement(), { expectedId: ID.toUpperCase() })).id).toBe(ID)
    expect((await recordOf({ ...leastStatement(), id: ID.toUpperCase() }, { expectedId: ID })).id).toBe(ID)
    const other = '8f87ccde-bb56-4c2e-ab83-44982ef22df0'
    expect(await told({ ...leastStatement(), id: other }, { expectedId: ID })).toEqual([
      'statement-id-parameter statement.id',
    ])
  })
  test('it takes one statement, and a UUID', async () => {
    expect(await told([leastStatement()], { expectedId: ID })).toEqual(['statement-single body'])
    expect(await told(leastStatement(), { expectedId: 'x' })).toEqual(['statement-id parameter statementId'])
  })
})

describe('attachments', () => {
  const sha2 = 'b'.repeat(64)
  const part: ReceivedPart = { sha2, blob: sha2, size: 3, contentType: 'text/plain' }
  const attached = (own: object) => ({
    ...leastStatement(),
    attachments: [
      {
        usageType: 'urn:u',
        display: {},
        contentType: 'text/plain',
        length: 3,
        sha2: sha2.toUpperCase(),
        ...own,
      },
    ],
  })
  test('XAPI-00128, XAPI-00129: data without fileUrl must come, and what comes must belong to a statement', async () => {
    expect((await recordOf(attached({}), { parts: [part] })).attachments).toEqual([sha2])
    expect(await told(attached({}))).toEqual(['attachment-part-missing statement.attachments[0].sha2'])
    expect(await told(leastStatement(), { parts: [part] })).toEqual([
      `attachment-part-unclaimed part ${sha2}`,
    ])
  })
  test('with fileUrl the data may come or not', async () => {
    const linked = attached({ fileUrl: 'https://lms.example.org/a' })
    expect((await recordOf(linked)).attachments).toEqual([])
    expect((await recordOf(linked, { parts: [part] })).attachments).toEqual([sha2])
  })
  test('a part has the media type of its attachment, parameters apart', async () => {
    const typed = attached({ contentType: 'text/plain; charset=utf-8' })
    expect((await recordOf(typed, { parts: [part] })).attachments).toEqual([sha2])
    expect(await told(typed, { parts: [{ ...part, contentType: 'text/html' }] })).toEqual([
      'attachment-part-content-type statement.attachments[0].contentType',
    ])
  })
  test('a part may serve several statements, and a SubStatement', async () => {
    const inside = subStatement()
    inside.object.attachments = attached({}).attachments
    const records = await recordsOf([attached({}), inside], { parts: [part] })
    expect(records.map(({ attachments }) => attachments)).toEqual([[sha2], [sha2]])
  })
})

describe('size and speed', () => {
  test('10,000 statements in 30 MB pass, and others get their turn meanwhile', async () => {
    const one = leastStatement()
    one.result = { response: 'x'.repeat(2900) }
    const text = `[${Array(10_000).fill(JSON.stringify(one)).join(',')}]`
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const prepared = await prepare(text)
    clearInterval(timer)
    expect(prepared.ok && prepared.records.length).toBe(10_000)
    expect(turns).toBeGreaterThan(10)
  })
  test.each<[string, (statement: Loose, long: string) => void]>([
    ['verb.id', (s, long) => (s.verb.id = `http://a/${long}`)],
    ['actor.openid', (s, long) => (s.actor = { openid: `urn:${long}` })],
    ['context.language', (s, long) => (s.context = { language: `en${'-12345'.repeat(long.length / 5)}` })],
    ['timestamp', (s, long) => (s.timestamp = `2026-01-01T00:00:00.${'0'.repeat(long.length)}Z`)],
    ['result.duration', (s, long) => (s.result = { duration: `PT1.${'0'.repeat(long.length)}S` })],
  ])('%s of ten megabytes is refused with its limit, and no crash', async (path, change) => {
    const statement = leastStatement()
    change(statement, 'a/'.repeat(5_000_000))
    const prepared = await prepare(statement)
    expect(prepared).toMatchObject({ ok: false, total: 1, problems: [{ path: `statement.${path}` }] })
    if (!prepared.ok) expect(prepared.problems[0]?.message).toContain('16384 characters at most')
  })
  test('a great many faults are refused at once', async () => {
    const text = `{"a":{${Array.from({ length: 200_000 }, () => '"k":"\\u0000"').join(',')}}}`
    const start = performance.now()
    expect(await prepare(text)).toMatchObject({ ok: false })
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})

test('whatever text is sent, it is an answer and no crash', async () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"actor"',
    '"id"',
    '"\\ud800"',
    '1e999',
    'null',
    ' ',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      fc.constantFrom('1.0.3' as const, '2.0.0' as const),
      async (text, version) => {
        const prepared = await prepare(text, { version })
        if (prepared.ok) expect(prepared.records).toEqual([])
        else expect(prepared.total).toBeGreaterThanOrEqual(prepared.problems.length)
      },
    ),
  )
})

test('a valid statement with any one value replaced is an answer and no crash', async () => {
  const paths: (string | number)[][] = []
  const walk = (value: Loose, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path)
    if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) walk(value[key], [...path, key])
    }
  }
  walk(fullStatement(), [])
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
      const statement = fullStatement()
      let holder = statement
      for (const key of path.slice(0, -1)) holder = holder[key]
      holder[path.at(-1) as string] = value
      for (const version of ['1.0.3', '2.0.0'] as const) {
        const prepared = await prepare(statement, { version })
        if (!prepared.ok) for (const problem of prepared.problems) expect(problem.status).toBe(400)
      }
    }),
    { numRuns: 300 },
  )
})

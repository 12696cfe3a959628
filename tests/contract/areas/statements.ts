import { describe, expect, test } from 'vitest'
import type { StatementQuery } from '../../../lrs/storage/port.ts'
import { stamp } from '../../../lrs/storage/stamp.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { everything, idOf, recordOf } from '../support/records.ts'

export function statementsContract(adapter: Adapter): void {
  describe('statements', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('what was written comes back with the server times as first members', async () => {
      const { statements } = freshTenant()
      const record = recordOf('a', { needsTimestamp: true, refersTo: idOf('b') })
      const outcome = await statements.write([record])
      if (!outcome.ok) throw new Error('refused')
      expect(outcome.fresh).toBe(1)
      const text = stamp(record, outcome.stored)
      expect(await statements.get(record.id)).toEqual({
        position: expect.any(Number),
        id: record.id,
        text,
        stored: outcome.stored,
        source: 'lms',
        fingerprint: record.fingerprint,
        refersTo: idOf('b'),
        voiding: false,
        voided: false,
        attachments: [],
      })
      expect(JSON.parse(text)).toMatchObject({ timestamp: new Date(outcome.stored).toISOString() })
      expect(await statements.get(idOf('unknown'))).toBeNull()
      expect(await statements.get('not a uuid')).toBeNull()
    })

    test('text comes back character by character', async () => {
      const { statements } = freshTenant()
      const odd =
        '{"n":12345678901234567890.10,"2":1,"1":"\\u0000\\ud83d é 😀 \u2028","__proto__":{"a":1e400}}'
      await statements.write([recordOf('odd', { text: odd })])
      expect((await statements.get(idOf('odd')))?.text.endsWith(odd.slice(1))).toBe(true)
    })

    test('a batch is stored whole or not at all', async () => {
      const { statements, activities, agents, feed } = freshTenant()
      await statements.write([recordOf('taken')])
      const outcome = await statements.write([
        recordOf('new', {
          keys: ['verb:new'],
          definitions: [{ activity: 'activity', text: '{}' }],
          names: [{ agent: 'mbox:mailto:a@b.vn', name: 'An' }],
        }),
        recordOf('taken', { fingerprint: '1:other' }),
      ])
      expect(outcome).toEqual({ ok: false, refusal: { kind: 'conflict', id: idOf('taken') } })
      expect(await statements.get(idOf('new'))).toBeNull()
      expect(await statements.count()).toBe(1)
      expect((await statements.query({ ...everything, keys: ['verb:new'] })).statements).toEqual([])
      expect((await activities.get('activity')).definitions).toEqual([])
      expect(await agents.names('mbox:mailto:a@b.vn')).toEqual([])
      expect(await feed.read(0, 10)).toHaveLength(1)
      // What the refused batch would have made can still be made.
      expect(await statements.write([recordOf('new', { keys: ['verb:new'] })])).toMatchObject({
        ok: true,
        fresh: 1,
      })
      expect((await statements.query({ ...everything, keys: ['verb:new'] })).statements).toHaveLength(1)
    })

    test('the same statements again are accepted and change nothing', async () => {
      const { statements, feed } = freshTenant()
      const records = [recordOf('a'), recordOf('b')]
      await statements.write(records)
      const before = await feed.read(0, 10)
      expect(await statements.write(records)).toMatchObject({ ok: true, fresh: 0 })
      expect(await statements.write([...records, recordOf('c')])).toMatchObject({ ok: true, fresh: 1 })
      expect((await feed.read(0, 10)).slice(0, 2)).toEqual(before)
      expect(await statements.count()).toBe(3)
    })

    test('of two different statements with one id, sent at once, one is stored', async () => {
      const { statements } = freshTenant()
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          statements.write([recordOf('same', { fingerprint: `1:${i % 2}` })]),
        ),
      )
      const stored = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.fresh] : []))
      expect(stored.reduce((a, b) => a + b)).toBe(1)
      expect(stored).toHaveLength(10)
    })

    test('one refused write leaves those that were committed with it untouched', async () => {
      const { statements } = freshTenant()
      await statements.write([recordOf('taken')])
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          statements.write(
            i % 2 ? [recordOf(`n${i}`), recordOf('taken', { fingerprint: '1:other' })] : [recordOf(`n${i}`)],
          ),
        ),
      )
      expect(outcomes.map((outcome) => outcome.ok)).toEqual(outcomes.map((_, i) => i % 2 === 0))
      expect(await statements.count()).toBe(21)
      const { statements: all } = await statements.query(everything)
      expect(all).toHaveLength(21)
    })

    test('tenants never see each other', async () => {
      const [one, other] = [freshTenant(), freshTenant()]
      await one.statements.write([recordOf('a', { definitions: [{ activity: 'x', text: '{}' }] })])
      expect(await other.statements.get(idOf('a'))).toBeNull()
      expect(await other.statements.write([recordOf('a', { fingerprint: '1:other' })])).toMatchObject({
        ok: true,
      })
      expect((await one.statements.get(idOf('a')))?.fingerprint).toBe(`1:${idOf('a')}`)
      expect((await other.activities.get('x')).definitions).toEqual([])
      expect(await one.feed.read(0, 10)).toHaveLength(1)
      expect(() => subject().storage.tenant('../system')).toThrow()
    })

    test('a query finds by all keys together, by source, and by time', async () => {
      const { statements } = freshTenant()
      const times: number[] = []
      for (const [name, keys, source] of [
        ['a', ['verb:v', 'agent:x'], 'one'],
        ['b', ['verb:v'], 'two'],
        ['c', ['agent:x'], 'one'],
        ['d', ['verb:v', 'agent:x'], 'two'],
      ] as const) {
        const outcome = await statements.write([recordOf(name, { keys, source })])
        if (outcome.ok) times.push(outcome.stored)
      }
      const find = async (query: Partial<StatementQuery>) =>
        (await statements.query({ ...everything, ...query })).statements
          .map(({ text }) => JSON.parse(text).name)
          .join('')
      expect(await find({})).toBe('abcd')
      expect(await find({ ascending: false })).toBe('dcba')
      expect(await find({ keys: ['verb:v', 'agent:x'] })).toBe('ad')
      expect(await find({ keys: ['agent:x', 'agent:x'] })).toBe('acd')
      expect(await find({ keys: ['verb:v', 'verb:never-seen'] })).toBe('')
      expect(await find({ sources: ['one'] })).toBe('ac')
      expect(await find({ sources: ['one', 'two'], keys: ['verb:v'], ascending: false })).toBe('dba')
      expect(await find({ sources: [] })).toBe('')
      expect(await find({ sources: ['three'] })).toBe('')
      expect(await find({ since: times[1]! })).toBe('cd')
      expect(await find({ until: times[1]! })).toBe('ab')
      expect(await find({ since: times[0]!, until: times[2]!, keys: ['verb:v'] })).toBe('b')
      expect(await find({ since: times[2]!, until: times[0]! })).toBe('')
      expect(await find({ since: 0, until: 1 })).toBe('')
    })

    test('a page ends before it passes its bytes, and always holds one', async () => {
      const { statements } = freshTenant()
      const long = 'x'.repeat(1_000)
      await statements.write(['a', 'b', 'c'].map((name) => recordOf(name, { text: `{"t":"${long}"}` })))
      const page = (maxBytes: number) => statements.query({ ...everything, maxBytes })
      expect(await page(10)).toMatchObject({ statements: [{ id: idOf('a') }], more: true })
      expect((await page(2_200)).statements).toHaveLength(2)
      expect(await page(10_000)).toMatchObject({ more: false })
      const { statements: rest } = await statements.query({
        ...everything,
        after: (await page(10)).statements[0]!.position,
      })
      expect(rest.map(({ id }) => id)).toEqual([idOf('b'), idOf('c')])
    })

    test('a page as text is the same page: texts with commas between, and where each one ends', async () => {
      const { statements, blobs } = freshTenant()
      const { sha2 } = await blobs.put([Buffer.from('x')] as never)
      await statements.write([
        recordOf('a', { text: '{"t":"Suốt Đời 🎓, \\u0000"}', attachments: [sha2] }),
        recordOf('b', { source: 'other' }),
        recordOf('c', { keys: ['verb:c'] }),
      ])
      const pages: Partial<StatementQuery>[] = [
        {},
        { ascending: false, limit: 2 },
        { maxBytes: 10 },
        { keys: ['verb:c'] },
        { keys: ['verb:never-seen'] },
        { sources: ['other'] },
      ]
      const [one] = (await statements.query({ ...everything, limit: 1 })).statements
      const { text, ...rest } = (await statements.getText(one!.id))!
      expect(Buffer.from(text).toString()).toBe(one!.text)
      const { stored, source, attachments, voided } = one!
      expect(rest).toEqual({ stored, source, attachments, voided })
      expect(await statements.getText(crypto.randomUUID())).toBeNull()
      for (const asked of pages) {
        const page = await statements.query({ ...everything, ...asked })
        const { text, ...rest } = await statements.queryTexts({ ...everything, ...asked })
        expect(Buffer.from(text).toString()).toBe(page.statements.map((one) => one.text).join(','))
        expect(rest).toEqual({
          statements: page.statements.map((one) => ({
            position: one.position,
            stored: one.stored,
            source: one.source,
            attachments: one.attachments,
            bytes: Buffer.byteLength(one.text),
          })),
          more: page.more,
        })
      }
    })

    test('definitions are kept per source in the order of first sight; a choice is kept beside them', async () => {
      const { statements, activities } = freshTenant()
      const define = (name: string, source: string, text: string) =>
        statements.write([recordOf(name, { source, definitions: [{ activity: 'iri', text }] })])
      await define('a', 'z-first', '{"v":1}')
      await define('b', 'a-second', '{"v":2}')
      await define('c', 'z-first', '{"v":3}')
      expect(await activities.get('iri')).toEqual({
        definitions: [
          { source: 'z-first', text: '{"v":3}' },
          { source: 'a-second', text: '{"v":2}' },
        ],
        chosen: null,
      })
      await activities.choose('iri', 'a-second')
      expect((await activities.get('iri')).chosen).toBe('a-second')
      await activities.choose('iri', 'z-first')
      expect((await activities.get('iri')).chosen).toBe('z-first')
      await activities.choose('iri', null)
      expect((await activities.get('iri')).chosen).toBeNull()
      expect(await activities.get('unknown')).toEqual({ definitions: [], chosen: null })
    })

    test('names of an agent come newest first, by source', async () => {
      const { statements, agents } = freshTenant()
      const state = (id: string, source: string, agent: string, name: string) =>
        statements.write([recordOf(id, { source, names: [{ agent, name }] })])
      await state('1', 'one', 'account:http://x.vn a', 'An')
      await state('2', 'two', 'account:http://x.vn a', 'Ân "the\u0000 second"')
      await state('3', 'one', 'account:http://x.vn ab', 'Other')
      await state('4', 'one', 'account:http://x.vn a', 'An')
      expect(await agents.names('account:http://x.vn a')).toEqual([
        { name: 'An', source: 'one' },
        { name: 'Ân "the\u0000 second"', source: 'two' },
      ])
      expect(await agents.names('account:http://x.vn a', ['two'])).toEqual([
        { name: 'Ân "the\u0000 second"', source: 'two' },
      ])
      expect(await agents.names('account:http://x.vn')).toEqual([])
    })

    test('a statement needs the blobs of its attachments', async () => {
      const { statements, blobs } = freshTenant()
      const missing = 'a'.repeat(64)
      const outcome = await statements.write([recordOf('ok'), recordOf('a', { attachments: [missing] })])
      expect(outcome).toEqual({ ok: false, refusal: { kind: 'blob-missing', id: idOf('a'), sha2: missing } })
      expect(await statements.get(idOf('ok'))).toBeNull()
      const { sha2 } = await blobs.put([Buffer.from('certificate')] as never)
      expect(await statements.write([recordOf('a', { attachments: [sha2] })])).toMatchObject({ ok: true })
      expect((await statements.get(idOf('a')))?.attachments).toEqual([sha2])
    })
  })
}

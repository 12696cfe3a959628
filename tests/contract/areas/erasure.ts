import { describe, expect, test } from 'vitest'
import type { Rewrite, StatementRecord, TenantStorage } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { everything, idOf, recordOf, voidOf } from '../support/records.ts'

const agent = (name: string) => `mbox:mailto:${name}@example.vn`

function about(name: string, who: string, more: Partial<StatementRecord> = {}): StatementRecord {
  return recordOf(name, {
    text: `{"who":"${who}"}`,
    fingerprint: `1:${who}`,
    keys: ['verb:v', `agent:${agent(who)}`],
    names: [{ agent: agent(who), name: who }],
    ...more,
  })
}

function rewriteOf(name: string, from: string, to: string): Rewrite {
  const { fingerprint, keys, names, id } = about(name, to)
  return {
    id,
    expected: `1:${from}`,
    text: `{"stored":"x","who":"${to}"}`,
    fingerprint,
    keys,
    names,
    attachments: [],
  }
}

export function erasureContract(adapter: Adapter): void {
  describe('lawful erasure', () => {
    const { freshTenant } = useSubject(adapter)
    const found = async ({ statements }: TenantStorage, key: string) =>
      (await statements.query({ ...everything, keys: [key] })).statements.map(({ id }) => id)

    test('re-keying replaces text, keys, fingerprint and names in place, and tells the feed', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([about('a', 'an'), about('b', 'binh')])
      const before = await tenant.statements.get(idOf('a'))
      expect(await tenant.statements.rewrite([rewriteOf('a', 'an', 'x1')], 'account deleted')).toBe(true)
      expect(await tenant.statements.get(idOf('a'))).toEqual({
        ...before,
        text: '{"stored":"x","who":"x1"}',
        fingerprint: '1:x1',
      })
      expect(await found(tenant, `agent:${agent('an')}`)).toEqual([])
      expect(await found(tenant, `agent:${agent('x1')}`)).toEqual([idOf('a')])
      expect(await found(tenant, 'verb:v')).toEqual([idOf('a'), idOf('b')])
      expect(await tenant.agents.names(agent('an'))).toEqual([])
      expect(await tenant.agents.names(agent('x1'))).toEqual([{ name: 'x1', source: 'lms' }])
      expect(await tenant.agents.names(agent('binh'))).toEqual([{ name: 'binh', source: 'lms' }])
      expect((await tenant.feed.read(0, 10)).at(-1)).toEqual({
        kind: 'rewritten',
        position: expect.any(Number),
        ids: [idOf('a')],
        reason: 'account deleted',
      })
      // The old statement sent again is another one now.
      expect(await tenant.statements.write([about('a', 'an')])).toMatchObject({
        refusal: { kind: 'conflict' },
      })
      // The old key can come again with new statements.
      await tenant.statements.write([about('c', 'an')])
      expect(await found(tenant, `agent:${agent('an')}`)).toEqual([idOf('c')])
    })

    test('re-keying is all or none', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([about('a', 'an'), about('b', 'an')])
      const feed = await tenant.feed.read(0, 10)
      for (const bad of [rewriteOf('b', 'changed', 'x'), rewriteOf('absent', 'an', 'x')]) {
        expect(await tenant.statements.rewrite([rewriteOf('a', 'an', 'x'), bad], 'r')).toBe(false)
      }
      expect((await tenant.statements.get(idOf('a')))?.fingerprint).toBe('1:an')
      expect(await found(tenant, `agent:${agent('x')}`)).toEqual([])
      expect(await tenant.feed.read(0, 10)).toEqual(feed)
      const tooMany = Array.from({ length: 501 }, () => rewriteOf('a', 'an', 'x'))
      await expect(tenant.statements.rewrite(tooMany, 'r')).rejects.toThrow()
    })

    test('a purge removes statements with all that hangs on them, tells the feed, and can be repeated', async () => {
      const tenant = freshTenant()
      const { sha2 } = await tenant.blobs.put([Buffer.from('photo')] as never)
      await tenant.statements.write([
        about('a', 'an', { attachments: [sha2] }),
        about('b', 'an'),
        recordOf('c'),
      ])
      expect(await tenant.statements.purge([idOf('a'), idOf('absent')], 'request 7')).toBe(1)
      expect(await tenant.statements.get(idOf('a'))).toBeNull()
      expect(await found(tenant, 'verb:v')).toEqual([idOf('b')])
      expect(await tenant.statements.count()).toBe(2)
      expect(await tenant.agents.names(agent('an'))).toHaveLength(1)
      const entries = await tenant.feed.read(0, 10)
      expect(entries.map(({ kind }) => kind)).toEqual(['stored', 'stored', 'purged'])
      expect(entries.at(-1)).toMatchObject({ ids: [idOf('a')], reason: 'request 7' })

      expect(await tenant.statements.purge([idOf('a'), idOf('b')], 'request 7')).toBe(1)
      expect(await tenant.agents.names(agent('an'))).toEqual([])
      expect(await tenant.statements.purge([idOf('a'), idOf('b')], 'request 7')).toBe(0)
      expect(await tenant.feed.read(0, 10)).toHaveLength(3)
      expect(await tenant.blobs.collect(Date.now() + 60_000)).toBe(1)
    })

    test('referrers of a purged statement stay, and match by it no more', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([
        recordOf('t', { keys: ['verb:t'] }),
        recordOf('m', { keys: [], refersTo: idOf('t') }),
        recordOf('r', { keys: [], refersTo: idOf('m') }),
      ])
      expect(await found(tenant, 'verb:t')).toEqual(['t', 'm', 'r'].map(idOf))
      await tenant.statements.purge([idOf('m')], 'law')
      expect(await found(tenant, 'verb:t')).toEqual([idOf('t')])
      expect((await tenant.statements.relations(idOf('t'))).referrers).toEqual([])
      expect((await tenant.statements.relations(idOf('m'))).referrers).toEqual([idOf('r')])
      // Stored anew, it links again.
      await tenant.statements.write([recordOf('m', { keys: [], refersTo: idOf('t') })])
      expect((await found(tenant, 'verb:t')).sort()).toEqual(['t', 'm', 'r'].map(idOf).sort())
    })

    test('what a purged voiding statement voided stays voided', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([recordOf('t')])
      await tenant.statements.write([voidOf('v', 't')])
      await tenant.statements.purge([idOf('v')], 'law')
      expect((await tenant.statements.get(idOf('t')))?.voided).toBe(true)
      expect((await tenant.statements.relations(idOf('t'))).voiders).toEqual([])
    })

    test('a purge of more than one step is complete', async () => {
      const tenant = freshTenant()
      const names = Array.from({ length: 1_200 }, (_, i) => `p${i}`)
      await tenant.statements.write(names.map((name) => recordOf(name)))
      expect(await tenant.statements.purge(names.map(idOf), 'law')).toBe(1_200)
      expect(await tenant.statements.count()).toBe(0)
      const told = (await tenant.feed.read(0, 100)).flatMap((entry) =>
        entry.kind === 'purged' ? entry.ids : [],
      )
      expect(told.sort()).toEqual(names.map(idOf).sort())
    })
  })
}

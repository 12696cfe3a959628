import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { StatementRecord, TenantStorage } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { everything, idOf, recordOf, voidOf } from '../support/records.ts'

export function voidingContract(adapter: Adapter): void {
  describe('voiding', () => {
    const { subject, freshTenant } = useSubject(adapter)
    const voided = async ({ statements }: TenantStorage, name: string) =>
      (await statements.get(idOf(name)))?.voided
    const listed = async ({ statements }: TenantStorage, includeVoided = false) =>
      (await statements.query({ ...everything, includeVoided })).statements.map(
        ({ text }) => JSON.parse(text).name,
      )

    for (const order of ['target first', 'void first', 'one batch', 'one batch, void first'] as const) {
      const write = async (
        { statements }: TenantStorage,
        target: StatementRecord,
        voider: StatementRecord,
      ) => {
        const both =
          order === 'void first' || order.endsWith('void first') ? [voider, target] : [target, voider]
        if (order.startsWith('one batch')) return [await statements.write(both)]
        return [await statements.write([both[0]!]), await statements.write([both[1]!])]
      }

      test(`a source voids its own statement (${order})`, async () => {
        const tenant = freshTenant()
        await write(tenant, recordOf('t'), voidOf('v', 't'))
        expect(await voided(tenant, 't')).toBe(true)
        expect(await voided(tenant, 'v')).toBe(false)
        expect(await listed(tenant)).toEqual(['v'])
        expect((await listed(tenant, true)).sort()).toEqual(['t', 'v'])
        expect((await tenant.statements.relations(idOf('t'))).voiders).toEqual([
          { id: idOf('v'), source: 'lms', effective: true },
        ])
        const events = (await tenant.feed.read(0, 10)).filter(({ kind }) => kind === 'voided')
        expect(events).toEqual([{ kind: 'voided', position: expect.any(Number), id: idOf('t') }])
      })

      test(`one that may void those of others does (${order})`, async () => {
        const tenant = freshTenant()
        await write(tenant, recordOf('t'), voidOf('v', 't', { source: 'office', mayVoidForeign: true }))
        expect(await voided(tenant, 't')).toBe(true)
      })

      test(`a statement of another source is not voided (${order})`, async () => {
        const tenant = freshTenant()
        const outcomes = await write(tenant, recordOf('t'), voidOf('v', 't', { source: 'other' }))
        const refused = order === 'target first' || order === 'one batch'
        if (refused) {
          expect(outcomes.at(-1)).toEqual({
            ok: false,
            refusal: { kind: 'void-foreign', id: idOf('v'), target: idOf('t') },
          })
          expect(await tenant.statements.get(idOf('v'))).toBeNull()
        } else {
          expect(await voided(tenant, 't')).toBe(false)
          expect((await tenant.statements.relations(idOf('t'))).voiders).toEqual([
            { id: idOf('v'), source: 'other', effective: false },
          ])
        }
        expect((await tenant.feed.read(0, 10)).some(({ kind }) => kind === 'voided')).toBe(false)
      })

      test(`a voiding statement is never voided (${order})`, async () => {
        const tenant = freshTenant()
        const outcomes = await write(
          tenant,
          voidOf('t', 'absent'),
          voidOf('v', 't', { mayVoidForeign: true }),
        )
        if (order === 'target first' || order === 'one batch') {
          expect(outcomes.at(-1)).toEqual({
            ok: false,
            refusal: { kind: 'void-voiding', id: idOf('v'), target: idOf('t') },
          })
        } else {
          expect(await voided(tenant, 't')).toBe(false)
          expect((await tenant.statements.relations(idOf('t'))).voiders).toMatchObject([{ effective: false }])
        }
      })
    }

    test('a statement that aims at itself is refused as voiding', async () => {
      const { statements } = freshTenant()
      expect(await statements.write([voidOf('v', 'v')])).toMatchObject({ refusal: { kind: 'void-voiding' } })
    })

    test('a second void is stored and tells the feed nothing new', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([recordOf('t')])
      await tenant.statements.write([voidOf('v', 't')])
      expect(await tenant.statements.write([voidOf('w', 't')])).toMatchObject({ ok: true, fresh: 1 })
      expect((await tenant.feed.read(0, 10)).filter(({ kind }) => kind === 'voided')).toHaveLength(1)
    })

    test('the last of several waiting voids can be the one that counts', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([voidOf('v1', 't', { source: 'x' }), voidOf('v2', 't', { source: 'y' })])
      await tenant.statements.write([voidOf('v3', 't')])
      await tenant.statements.write([recordOf('t')])
      expect(await voided(tenant, 't')).toBe(true)
      expect(
        (await tenant.statements.relations(idOf('t'))).voiders.map(({ effective }) => effective),
      ).toEqual([false, false, true])
    })

    test('a void and its target sent at once end linked, whoever comes first', async () => {
      const tenant = freshTenant()
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => [
          tenant.statements.write([recordOf(`t${i}`)]),
          tenant.statements.write([voidOf(`v${i}`, `t${i}`)]),
        ]).flat(),
      )
      for (let i = 0; i < 50; i++) expect(await voided(tenant, `t${i}`)).toBe(true)
    })

    // Each has begun, and read what there is, before the other one is there.
    for (const order of ['target first', 'void first', 'one void waits already'] as const) {
      test(`a void and its target that are both under way before either is kept end linked (${order})`, async () => {
        const tenant = freshTenant()
        const { statements } = tenant
        await statements.write([recordOf('warm'), voidOf('cold', 'absent')])
        if (order === 'one void waits already')
          await statements.write([voidOf('w', 't', { source: 'other' })])
        const release = subject().holdCommits()
        const target = () => statements.write([recordOf('t')])
        const voider = () => statements.write([voidOf('v', 't')])
        const [first, second] = order === 'target first' ? [target, voider] : [voider, target]
        const one = first()
        await setTimeout(150)
        const other = second()
        await setTimeout(150)
        release()
        expect(await Promise.all([one, other])).toMatchObject([{ ok: true }, { ok: true }])
        expect(await voided(tenant, 't')).toBe(true)
        const events = (await tenant.feed.read(0, 20)).filter(({ kind }) => kind === 'voided')
        expect(events).toMatchObject([{ id: idOf('t') }])
        expect(await listed(tenant)).not.toContain('t')
      })
    }

    test('what refers to a statement is told, also before that is there', async () => {
      const tenant = freshTenant()
      await tenant.statements.write([recordOf('r', { refersTo: idOf('t') }), voidOf('v', 't')])
      expect(await tenant.statements.relations(idOf('t'))).toEqual({
        referrers: [idOf('r'), idOf('v')],
        voiders: [{ id: idOf('v'), source: 'lms', effective: false }],
      })
      await tenant.statements.write([recordOf('t')])
      expect((await tenant.statements.relations(idOf('t'))).voiders).toMatchObject([{ effective: true }])
      expect(await tenant.statements.relations(idOf('never'))).toEqual({ referrers: [], voiders: [] })
    })
  })
}

import { describe, expect, test } from 'vitest'
import { type Commit, StorageUnavailable } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { recordOf } from '../support/records.ts'

export function figuresContract(adapter: Adapter): void {
  describe('what the store tells of itself', () => {
    const { subject } = useSubject(adapter)

    async function commitsDuring(tenant: string | null, work: () => Promise<unknown>): Promise<Commit[]> {
      const told: Commit[] = []
      const leave = subject().storage.onCommit((commit) => {
        if (commit.tenant === tenant) told.push(commit)
      })
      await work()
      leave()
      return told
    }
    const sum = (commits: Commit[], of: 'calls' | 'statements') =>
      commits.reduce((all, one) => all + one[of], 0)

    test('every call is in one commit that was told, with its tenant and the statements that were new', async () => {
      const { statements } = subject().storage.tenant('told')
      await statements.write([recordOf('there')])
      const told = await commitsDuring('told', () =>
        Promise.all([
          ...Array.from({ length: 40 }, (_, i) => statements.write([recordOf(i), recordOf(`${i} more`)])),
          statements.write([recordOf('there')]),
          statements.write([recordOf('refused'), recordOf('there', { fingerprint: '1:other' })]),
        ]),
      )
      expect(sum(told, 'calls')).toBe(42)
      expect(sum(told, 'statements')).toBe(80)
      for (const { statements: fresh, ms, syncMs, waitMs } of told) {
        if (fresh > 0) expect(syncMs).toBeGreaterThan(0)
        expect(ms).toBeGreaterThanOrEqual(syncMs)
        expect(waitMs).toBeGreaterThanOrEqual(0)
      }
    })

    test('it is told before the caller is answered, and no longer to who left', async () => {
      const { statements } = subject().storage.tenant('before')
      const order: string[] = []
      const leave = subject().storage.onCommit(({ tenant }) => {
        if (tenant === 'before') order.push('told')
      })
      await statements.write([recordOf('a')]).then(() => order.push('answered'))
      leave()
      await statements.write([recordOf('b')]).then(() => order.push('answered'))
      expect(order).toEqual(['told', 'answered', 'answered'])
    })

    test('what changed nothing was not made durable again', async () => {
      const { statements } = subject().storage.tenant('nothing')
      await statements.write([recordOf('a')])
      const told = await commitsDuring('nothing', () => statements.write([recordOf('a')]))
      expect(told).toMatchObject([{ calls: 1, statements: 0, syncMs: 0 }])
    })

    test('a commit that failed is not told', async () => {
      const { statements } = subject().storage.tenant('failing')
      await statements.write([recordOf('a')])
      const repair = await subject().breakCommits()
      const told = await commitsDuring('failing', () =>
        expect(statements.write([recordOf('b')])).rejects.toBeInstanceOf(StorageUnavailable),
      )
      await repair()
      expect(told).toEqual([])
    })

    test('figures say what each database holds, takes and is waited for', async () => {
      const { statements } = subject().storage.tenant('figures')
      const of = async (tenant: string | null) =>
        (await subject().storage.figures()).find((one) => one.tenant === tenant)
      expect(await of('figures')).toBeUndefined()
      await statements.write([recordOf('a'), recordOf('b')])
      const few = (await of('figures'))!
      expect(few).toMatchObject({ statements: 2, waiting: 0, reading: 0 })
      expect(few.bytes + few.logBytes).toBeGreaterThan(0)
      expect(await of(null)).toMatchObject({ statements: 0 })

      const text = 'x'.repeat(5_000)
      const records = Array.from({ length: 500 }, (_, i) =>
        recordOf(i, { text: `{"id":"${i}","t":"${text}"}` }),
      )
      const writing = records.map((record) => statements.write([record]))
      expect((await of('figures'))?.waiting).toBeGreaterThan(0)
      await Promise.all(writing)
      const many = (await of('figures'))!
      expect(many).toMatchObject({ statements: 502, waiting: 0 })
      expect(many.bytes + many.logBytes - few.bytes - few.logBytes).toBeGreaterThan(1_000_000)
      await statements.purge([records[0]!.id], 'asked for')
      expect((await of('figures'))?.statements).toBe(501)
      await subject().reopen()
      await subject().storage.migrate()
      expect((await of('figures'))?.statements).toBe(501)
    })
  })
}

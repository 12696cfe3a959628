import { describe, expect, test } from 'vitest'
import type { FeedEntry, FeedStore } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { idOf, recordOf, voidOf } from '../support/records.ts'

async function readAll(feed: FeedStore, limit: number): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = []
  for (;;) {
    const next = await feed.read(entries.at(-1)?.position ?? 0, limit)
    if (next.length === 0) return entries
    expect(next.length).toBeLessThanOrEqual(limit)
    entries.push(...next)
  }
}

export function feedContract(adapter: Adapter): void {
  describe('the feed', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('tells what was stored and voided, in order, from zero, in pages of any size', async () => {
      const { statements, feed } = freshTenant()
      expect(await feed.end()).toBe(0)
      expect(await feed.read(0, 10)).toEqual([])
      await statements.write([recordOf('a'), recordOf('b')])
      await statements.write([voidOf('v', 'a')])
      await statements.write([recordOf('c')])
      const all = await readAll(feed, 100)
      expect(
        all.map((entry) => [
          entry.kind,
          'id' in entry ? entry.id : 'statement' in entry && entry.statement.id,
        ]),
      ).toEqual([
        ['stored', idOf('a')],
        ['stored', idOf('b')],
        ['stored', idOf('v')],
        ['voided', idOf('a')],
        ['stored', idOf('c')],
      ])
      for (const limit of [1, 2, 3]) expect(await readAll(feed, limit)).toEqual(all)
      expect(await feed.end()).toBe(all.at(-1)!.position)
      expect(await feed.read(0, 10, 'changes')).toEqual(all.filter(({ kind }) => kind !== 'stored'))
      expect(await feed.read(all[3]!.position, 10, 'changes')).toEqual([])
      const entry = all[0]!
      if (entry.kind === 'stored') expect(entry.statement).toEqual(await statements.get(idOf('a')))
    })

    test('a reader that follows while many write misses nothing and sees nothing twice', async () => {
      const { statements, feed } = freshTenant()
      const seen: FeedEntry[] = []
      let writing = true
      const following = (async () => {
        for (;;) {
          const last = !writing
          const next = await feed.read(seen.at(-1)?.position ?? 0, 50)
          seen.push(...next)
          if (last && next.length === 0) return
        }
      })()
      await Promise.all(
        Array.from({ length: 16 }, async (_, lane) => {
          for (let i = 0; i < 25; i++) {
            await statements.write([
              recordOf(`${lane} ${i}`),
              recordOf(`${lane} ${i} t`),
              voidOf(`${lane} ${i} v`, `${lane} ${i} t`),
            ])
          }
        }),
      )
      writing = false
      await following
      expect(seen).toEqual(await readAll(feed, 200))
      expect(seen.filter(({ kind }) => kind === 'stored')).toHaveLength(1_200)
      expect(seen.filter(({ kind }) => kind === 'voided')).toHaveLength(400)
      for (let i = 1; i < seen.length; i++) expect(seen[i]!.position).toBeGreaterThan(seen[i - 1]!.position)
    })

    test('wakes those who wait for it, and no longer after they left', async () => {
      const tenant = freshTenant()
      let woken = 0
      const leave = tenant.feed.onChange(() => woken++)
      await tenant.statements.write([recordOf('a')])
      await expect.poll(() => woken).toBeGreaterThan(0)
      leave()
      const before = woken
      await tenant.statements.write([recordOf('b')])
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(woken).toBe(before)
    })

    test('is the same after the store was opened anew', async () => {
      const name = 'feed-reopen'
      await subject()
        .storage.tenant(name)
        .statements.write([recordOf('a'), voidOf('v', 'a')])
      const before = await readAll(subject().storage.tenant(name).feed, 10)
      await subject().reopen()
      const { feed, statements } = subject().storage.tenant(name)
      expect(await readAll(feed, 10)).toEqual(before)
      await statements.write([recordOf('b')])
      expect((await feed.read(before.at(-1)!.position, 10)).map(({ kind }) => kind)).toEqual(['stored'])
    })
  })
}

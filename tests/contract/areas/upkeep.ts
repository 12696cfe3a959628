import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Adapter, useSubject } from '../subject.ts'
import { idOf, recordOf, voidOf } from '../support/records.ts'
import { things } from '../support/things.ts'

export function upkeepContract(adapter: Adapter): void {
  describe('looking after what is kept', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('inspect goes through the statements in order, page by page, with the keys they are under', async () => {
      const { statements } = freshTenant()
      await statements.write([
        recordOf('a', { keys: ['verb:done', 'agent:1'] }),
        recordOf('b'),
        voidOf('v', 'b'),
      ])
      const first = await statements.inspect(0, 2)
      expect(first.map(({ statement }) => statement.id)).toEqual([idOf('a'), idOf('b')])
      expect(first[0]?.keys.sort()).toEqual(['agent:1', 'verb:done'])
      expect(first[1]?.statement.voided).toBe(true)
      const rest = await statements.inspect(first[1]!.statement.position, 9)
      expect(rest.map(({ statement }) => statement.id)).toEqual([idOf('v')])
    })

    test('check finds nothing in what was written, and there is nothing to mend', async () => {
      const { statements, collections } = freshTenant()
      await statements.write([recordOf(1), recordOf(2, { refersTo: idOf(1) }), voidOf('v', 1)])
      await statements.purge([idOf(2)], 'law')
      await collections.put(things, 'a', { n: 1 } as never)
      const found = []
      for await (const finding of subject().storage.check()) found.push(finding)
      expect(found).toEqual([])
      expect(await subject().storage.mend()).toBe(0)
    })

    test('a backup goes where nothing is, and one at a time', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'backup-'))
      const { storage } = subject()
      expect(await storage.backup(folder)).toEqual({ ok: false, refusal: 'exists' })
      const [one, other] = await Promise.all([
        storage.backup(join(folder, 'one')),
        storage.backup(join(folder, 'other')),
      ])
      expect(one).toMatchObject({ ok: true, folder: join(folder, 'one'), damaged: [] })
      expect(other).toEqual({ ok: false, refusal: 'running' })
      rmSync(folder, { recursive: true })
    })
  })
}

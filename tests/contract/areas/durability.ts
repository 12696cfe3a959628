import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StorageUnavailable } from '../../../lrs/storage/port.ts'
import type { Adapter, Subject } from '../subject.ts'
import { idOf, recordOf } from '../support/records.ts'
import { checkKept } from '../support/workload-check.ts'

const CHILD = fileURLToPath(new URL('../support/workload-process.ts', import.meta.url))

export function durabilityContract(adapter: Adapter): void {
  describe('durability', () => {
    let subject: Subject
    beforeEach(async () => {
      subject = await adapter.open()
    })
    afterEach(() => subject.destroy())

    test('a process killed at any moment loses nothing that it acknowledged, and leaves nothing half done', async () => {
      await subject.storage.close()
      const acknowledged: string[] = []
      for (let round = 0; round < 5; round++) {
        const child = fork(CHILD, [adapter.name, subject.location, String(round)], {
          stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        })
        const ended = new Promise((resolve) => child.once('exit', resolve))
        let heard = 0
        const lines = createInterface({ input: child.stdout! })
        lines.on('line', (line) => {
          acknowledged.push(line)
          // At another point of the work in each round.
          if (++heard === 20 + round * 37) setTimeout(() => child.kill('SIGKILL'), round * 3)
        })
        await ended
        expect(heard).toBeGreaterThanOrEqual(20)
      }
      await subject.reopen()
      await checkKept(subject.storage, acknowledged)
    }, 240_000)

    test('while commits fail nothing is acknowledged, readers go on, and it recovers without being opened anew', async () => {
      const { statements, collections, feed } = subject.storage.tenant('outage')
      await statements.write([recordOf('before')])
      const repair = await subject.breakCommits()
      const attempts = await Promise.allSettled([
        ...Array.from({ length: 10 }, (_, i) => statements.write([recordOf(`during ${i}`)])),
        collections.put({ name: 'c', indexes: { by: ['n'] } }, 'k', { n: 1 }),
      ])
      for (const attempt of attempts) {
        expect(attempt.status).toBe('rejected')
        if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(StorageUnavailable)
      }
      expect((await statements.get(idOf('before')))?.id).toBe(idOf('before'))
      await repair()
      await expect
        .poll(async () => (await statements.write([recordOf('during 3', { keys: ['verb:new'] })])).ok, {
          timeout: 15_000,
        })
        .toBe(true)
      await collections.put({ name: 'c', indexes: { by: ['n'] } }, 'k', { n: 2 })
      expect(
        (await collections.find({ name: 'c', indexes: { by: ['n'] } }, { index: 'by', limit: 9 })).docs,
      ).toMatchObject([{ key: 'k', value: { n: 2 } }])
      const watermark = await statements.watermark()
      const outcome = await statements.write([recordOf('after')])
      expect(outcome.ok && outcome.stored).toBeGreaterThan(watermark)
      const positions = (await feed.read(0, 100)).map(({ position }) => position)
      expect(new Set(positions).size).toBe(positions.length)
      await subject.reopen()
      const again = subject.storage.tenant('outage').statements
      for (const name of ['before', 'during 3', 'after']) expect(await again.get(idOf(name))).not.toBeNull()
    })

    test('closing waits for what is under way', async () => {
      const { statements } = subject.storage.tenant('closing')
      const writing = Array.from({ length: 30 }, (_, i) => statements.write([recordOf(i)]))
      await subject.reopen()
      expect(await subject.storage.tenant('closing').statements.count()).toBe(30)
      expect((await Promise.all(writing)).every(({ ok }) => ok)).toBe(true)
    })

    test('bringing the schema up is repeatable and covers every tenant', async () => {
      await subject.storage.tenant('one').statements.write([recordOf('a')])
      await subject.reopen()
      await subject.storage.migrate()
      await subject.storage.migrate()
      expect(await subject.storage.tenant('one').statements.count()).toBe(1)
    })
  })
}

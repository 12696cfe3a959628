import { fork } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pack } from '../../../lrs/storage/packed.ts'
import type { StatementRecord } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { everything, idOf, recordOf, voidOf } from '../support/records.ts'

const CHILD = fileURLToPath(new URL('../support/stream-process.ts', import.meta.url))

async function* stream(...groups: StatementRecord[][]) {
  for (const group of groups) {
    await setTimeout(0)
    yield* pack(group)
  }
}

export function streamedWritesContract(adapter: Adapter): void {
  describe('writes that come as a stream', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('10,000 statements are one atomic unit, in the order of the stream, with one time', async () => {
      const { statements, feed } = freshTenant()
      const groups = Array.from({ length: 100 }, (_, group) =>
        Array.from({ length: 100 }, (__, at) => recordOf(group * 100 + at, { keys: [`agent:${at}`] })),
      )
      const outcome = await statements.write(stream(...groups))
      if (!outcome.ok) throw new Error('refused')
      expect(outcome.fresh).toBe(10_000)
      expect(await statements.count()).toBe(10_000)
      let after = 0
      for (let place = 0; place < 10_000; ) {
        const entries = await feed.read(after, 1_000)
        expect(entries.length).toBeGreaterThan(0)
        for (const entry of entries) {
          if (entry.kind !== 'stored') throw new Error(entry.kind)
          expect(entry.statement.id).toBe(idOf(place++))
          expect(entry.statement.stored).toBe(outcome.stored)
          after = entry.position
        }
      }
      const { statements: found } = await statements.query({ ...everything, keys: ['agent:7'] })
      expect(found).toHaveLength(100)
      // The same again changes nothing.
      expect(await statements.write(stream(...groups))).toMatchObject({ ok: true, fresh: 0 })
    })

    test('text comes back character by character', async () => {
      const { statements } = freshTenant()
      const odd = `{"a":"\\u0000\\ud83d é 😀 \u2028\u2029 \\n","long":"${'ờ'.repeat(300_000)}"}`
      await statements.write(stream([recordOf('a')], [recordOf('odd', { text: odd })], [recordOf('b')]))
      expect((await statements.get(idOf('odd')))?.text.endsWith(odd.slice(1))).toBe(true)
      expect(await statements.count()).toBe(3)
    })

    test('a stream of nothing is stored as nothing', async () => {
      const { statements } = freshTenant()
      expect(await statements.write(stream())).toMatchObject({ ok: true, fresh: 0 })
      expect(await statements.write(stream([], [recordOf('a')], []))).toMatchObject({ ok: true, fresh: 1 })
    })

    test('a stream that throws is stored not at all, and what it threw is thrown', async () => {
      const { statements, feed } = freshTenant()
      const broken = new Error('the client went away')
      async function* breaking() {
        yield* pack([recordOf('a'), recordOf('b')])
        yield* pack([recordOf('c')])
        throw broken
      }
      await expect(statements.write(breaking())).rejects.toBe(broken)
      expect(await statements.count()).toBe(0)
      expect(await feed.read(0, 10)).toEqual([])
      expect(await statements.write(stream([recordOf('b')]))).toMatchObject({ ok: true, fresh: 1 })
    })

    test('a refusal in the midst undoes all before it', async () => {
      const { statements, feed, activities } = freshTenant()
      await statements.write([recordOf('taken'), voidOf('void', 'elsewhere')])
      const first = recordOf('new', { definitions: [{ activity: 'iri', text: '{}' }] })
      const refusals: [StatementRecord, object][] = [
        [recordOf('taken', { fingerprint: '1:other' }), { kind: 'conflict', id: idOf('taken') }],
        [voidOf('w', 'void'), { kind: 'void-voiding', id: idOf('w'), target: idOf('void') }],
        [
          recordOf('x', { attachments: ['a'.repeat(64)] }),
          { kind: 'blob-missing', id: idOf('x'), sha2: 'a'.repeat(64) },
        ],
      ]
      for (const [wrong, refusal] of refusals) {
        const outcome = await statements.write(stream([first], [recordOf('m'), wrong], [recordOf('last')]))
        expect(outcome).toEqual({ ok: false, refusal })
      }
      expect(await statements.count()).toBe(2)
      expect(await feed.read(0, 10)).toHaveLength(2)
      expect((await activities.get('iri')).definitions).toEqual([])
    })

    test('a stream that does not come to its end holds up nobody, and several may come at once', async () => {
      const { statements } = freshTenant()
      const release = Promise.withResolvers<void>()
      async function* slow() {
        yield* pack([recordOf('slow 1')])
        await release.promise
        yield* pack([recordOf('slow 2')])
      }
      const slowly = statements.write(slow())
      const outcomes = await Promise.all([
        statements.write([recordOf('small')]),
        ...Array.from({ length: 5 }, (_, i) =>
          statements.write(stream([recordOf(`${i} a`)], [recordOf(`${i} b`), recordOf('shared')])),
        ),
      ])
      expect(outcomes.every(({ ok }) => ok)).toBe(true)
      expect(await statements.count()).toBe(12)
      release.resolve()
      expect(await slowly).toMatchObject({ ok: true, fresh: 2 })
      const [before, own] = [await statements.get(idOf('shared')), await statements.get(idOf('slow 1'))]
      expect(own!.stored).toBeGreaterThan(before!.stored)
    })

    test('a process killed while a stream comes in has stored nothing of it', async () => {
      const open = await adapter.open()
      try {
        await open.storage.close()
        const child = fork(CHILD, [adapter.name, open.location], {
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        })
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.once('message', () => child.kill('SIGKILL'))
        await ended
        await open.reopen()
        const { statements } = open.storage.tenant('killed')
        expect(await statements.count()).toBe(0)
        expect(await statements.write(stream([recordOf(0)]))).toMatchObject({ ok: true, fresh: 1 })
      } finally {
        await open.destroy()
      }
    })

    test('while commits fail it is not acknowledged', async () => {
      const { statements } = freshTenant()
      await statements.write([recordOf('before')])
      const repair = await subject().breakCommits()
      await expect(statements.write(stream([recordOf('during')]))).rejects.toThrow()
      await repair()
      await expect
        .poll(async () => (await statements.write(stream([recordOf('after')]))).ok, { timeout: 15_000 })
        .toBe(true)
      expect(await statements.get(idOf('during'))).toBeNull()
    })
  })
}

import { Readable } from 'node:stream'
import type { Archive, Archives } from '../../profiles/index.ts'

/** What is asked for stays in the making until a test sets it. */
export function fakeArchives(held: Map<string, Archive>): Archives {
  return {
    of: async (person) => held.get(person) ?? null,
    async ask(person) {
      const making: Archive = {
        state: 'making',
        asked: Date.now(),
        done: 0,
        total: 0,
        size: null,
        until: null,
      }
      held.set(person, making)
      return making
    },
    open: async (person) =>
      held.get(person)?.state === 'ready' ? { size: 3, content: Readable.from([Buffer.from('PK!')]) } : null,
    async remove(person) {
      held.delete(person)
    },
    resume: async () => 0,
    settled: async () => {},
  }
}

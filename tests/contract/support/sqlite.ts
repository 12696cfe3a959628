import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '../../../lrs/storage/port.ts'
import { openSqlite } from '../../../lrs/storage/sqlite/index.ts'
import type { Adapter } from '../subject.ts'

export const sqlite: Adapter = {
  name: 'sqlite',
  lacks: () => null,
  lacksMoments: async () => null,
  async open() {
    const directory = await mkdtemp(join(tmpdir(), 'storage-'))
    const failingCommits = new Int32Array(new SharedArrayBuffer(4))
    let shift = 0
    const open = () => openSqlite({ directory, clock: () => Date.now() + shift, failingCommits })
    let storage: Storage = await open()
    return {
      get storage() {
        return storage
      },
      location: directory,
      async reopen() {
        await storage.close()
        storage = await open()
      },
      async destroy() {
        await storage.close()
        await rm(directory, { recursive: true, force: true })
      },
      shiftClock(ms) {
        shift += ms
      },
      holdCommits() {
        Atomics.store(failingCommits, 0, -1)
        return () => {
          Atomics.store(failingCommits, 0, 0)
          Atomics.notify(failingCommits, 0)
        }
      },
      async breakCommits() {
        Atomics.store(failingCommits, 0, 1_000_000)
        return async () => {
          Atomics.store(failingCommits, 0, 0)
        }
      },
    }
  },
  openAt: (directory) => openSqlite({ directory }),
}

import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from './database.ts'

/** Makes the postings of a tenant's complete segments, so that pages by several keys stay fast (docs/adr/0013). */
export interface Sealing {
  /** Does what is to do, unless that is under way or nothing has changed. Never rejects. */
  wake(): Promise<void>
}

export function createSealing(database: Database): Sealing {
  let changed = true
  let running = false
  database.onChange(() => {
    changed = true
  })
  return {
    async wake() {
      if (running || !changed) return
      running = true
      try {
        // One that nobody uses is not opened for this.
        if ((await database.figures()) === null) return
        changed = false
        await sealAll(database)
      } catch {
        // An outage leaves it to the next change; what is not sealed is found too, only slower.
      } finally {
        running = false
      }
    },
  }
}

async function sealAll(database: Database): Promise<void> {
  for (;;) {
    const { segment, outdated } = await database.read('postings.next')
    if (segment === null && !outdated) return
    if (outdated) while (await database.write('postings.renew'));
    if (segment !== null) await sealSegment(database, segment)
  }
}

async function sealSegment(database: Database, segment: number): Promise<void> {
  await database.write('postings.begin', segment)
  const began = performance.now()
  const packets = await database.read('postings.compute', segment)
  const took = performance.now() - began
  for (const rows of packets) await database.write('postings.add', { segment, rows })
  await database.write('postings.end', segment)
  // A large database that was never sealed takes minutes: half of the time is left to others.
  await delay(took, undefined, { ref: false })
}

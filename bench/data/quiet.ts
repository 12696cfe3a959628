import { setTimeout } from 'node:timers/promises'
import type { StartedServer } from '../server.ts'

const STEP_MS = 1_000
/** Of one core, in ms a step. Looking for what other processes wrote takes some 40. */
const QUIET_MS = 100
const STEPS = 2
const PATIENCE_MS = 600_000

/** Waits until the server has nothing to do: what it puts in order in the background after a start is not what is measured. */
export async function untilQuiet(server: StartedServer): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  let before = server.cpuMs()
  for (let quiet = 0; quiet < STEPS; ) {
    if (performance.now() > until) throw new Error('The server did not come to rest.')
    await setTimeout(STEP_MS)
    const now = server.cpuMs()
    quiet = now - before < QUIET_MS ? quiet + 1 : 0
    before = now
  }
}

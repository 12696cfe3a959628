import { createHash } from 'node:crypto'
import { type ComparedPart, compareHoldings } from '../../lrs/storage/compare.ts'
import type { Holdings } from '../../lrs/storage/holding.ts'
import { type Moved, move } from '../../lrs/storage/move.ts'
import type { Storage } from '../../lrs/storage/port.ts'
import type { CommandRun } from '../cli/socket.ts'

export interface MovedHouse {
  /** Both keep the same, and the target may be used. */
  ok: boolean
  statements: number
  parts: ComparedPart[]
  /** In words. */
  differences: string[]
  damaged: Moved['damaged']
  movedMs: number
  comparedMs: number
}

/**
 * Moves everything, compares both, and only then lets the target be used. A string says in words why nothing was moved.
 */
export async function moveHouse(
  { holdings, now, name }: { holdings: Holdings; now(): Promise<Holdings>; name: string },
  target: Storage,
  { tell, signal }: CommandRun,
): Promise<MovedHouse | string> {
  if (holdings.extents.every(({ items }) => items.docs === 0)) return `Nothing is kept in ${name}.`
  const begun = Date.now()
  const origin = createHash('sha256')
    .update(`${name}\n${countsOf(holdings)}`)
    .digest('hex')
  const outcome = await move(holdings, target, origin, {
    signal,
    progress: (done, total) => tell({ what: 'Moved', done, total }),
  })
  if (!outcome.ok) return REFUSED[outcome.refusal]
  const movedMs = Date.now() - begun
  const there = await target.holdings({ still: true })
  const { parts, differences } = await compareHoldings(holdings, there, {
    signal,
    progress: (done, total) => tell({ what: 'Compared', done, total }),
  })
  await there.close()
  const after = await now()
  if (countsOf(after) !== countsOf(holdings))
    differences.push(
      'Something was written into the source meanwhile. Stop every server that uses it, empty the target, and begin anew.',
    )
  await after.close()
  // What the source itself lacks, nobody can move.
  if (differences.length === 0) await outcome.taking.finish()
  return {
    ok: differences.length === 0,
    statements: holdings.extents.reduce((sum, one) => sum + one.statements, 0),
    parts,
    differences,
    damaged: outcome.moved.damaged,
    movedMs,
    comparedMs: Date.now() - begun - movedMs,
  }
}

/** By which it is seen that a store was written to. */
const countsOf = ({ extents }: Holdings): string =>
  JSON.stringify(
    extents.map(({ tenant, position, statements, items }) => [tenant, position, statements, items.docs]),
  )

const REFUSED = {
  'not-empty':
    'The target keeps something already. Name an empty folder, or a database that is not there yet.',
  'other-origin':
    'The target has a part of something else, or of the same source as it was before something was written into it. Remove it, or name another, and begin anew.',
} as const

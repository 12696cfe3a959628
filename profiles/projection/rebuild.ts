import { createHash } from 'node:crypto'
import type { Collections, Operation } from '../../lrs/index.ts'
import { LINKS, recordOf } from '../links/documents.ts'
import { MAX_OPERATIONS } from './changes.ts'
import { pages } from './pages.ts'
import { commitAnew, type Projector } from './projector.ts'
import { type Fed, type Remade, type RemadeDeps, remade, statementsOf } from './remade.ts'
import { sweepRecords } from './sweep.ts'

/** Links that are held at once: with more, their people are gone through in so many parts. */
const LINKS_AT_ONCE = 200_000
/** People whose records are made at once. */
const AT_ONCE = 16
const NONE: Remade['places'] = []

/**
 * Brings every record to what the statements say, one person after the other: makes each from nothing in memory, writes in
 * one batch what differs, and takes out at the end what belongs to nobody. Nothing is taken apart first: a record is whole
 * all the while, as it was or as it is to be, and what is right is not written at all. Safe while everything goes on.
 * What is cut short leaves nothing to finish. `progress` gets steps of about so many; returns the number of statements
 * read.
 */
export async function rebuild(
  deps: RemadeDeps,
  projector: Projector,
  progress: (done: number, total: number) => void = () => {},
): Promise<number> {
  const { collections } = deps
  const links = await collections.count(LINKS)
  const parts = Math.max(1, Math.ceil(links / LINKS_AT_ONCE))
  // What is to come takes about a quarter as long again.
  const total = Math.ceil(Math.max(1, links) * 1.25)
  let [read, done] = [0, 0]
  let writing: Promise<unknown> = Promise.resolve()
  for (let part = 0; part < parts; part++) {
    const people = await peopleOf(collections, part, parts)
    for (let batch: [Fed, Remade][] = []; people.length > 0 || batch.length > 0; ) {
      const some = people.splice(0, AT_ONCE)
      const made = await Promise.all(some.map(async (fed) => [fed, await remade(deps, fed, NONE)] as const))
      for (const [fed, one] of made) {
        read += one.statements
        done += fed.agents.length
        if (one.strangers.length > 0 || one.operations.length > MAX_OPERATIONS) await remakeAlone(fed, one)
        else if (one.operations.length > 0) batch.push([fed, one])
      }
      while (batch.length > 0 && (people.length === 0 || sizeOf(batch) > MAX_OPERATIONS)) {
        const full = batch
        batch = []
        while (sizeOf(full) > MAX_OPERATIONS) batch.unshift(full.pop()!)
        await writing
        // The next ones are made meanwhile.
        writing = write(full)
        writing.catch(() => {})
      }
      progress(Math.min(done, links), total)
    }
  }
  await writing
  await sweepRecords(deps, projector, (share) => progress(links + (total - links) * share, total))
  return read

  async function write(batch: readonly [Fed, Remade][]): Promise<void> {
    const { ok } = await collections.batch(batch.flatMap(([, { operations }]) => operations))
    if (!ok) for (const [fed, one] of batch) await remakeAlone(fed, one)
  }

  function lookAt({ strangers }: Remade): Promise<void> {
    return projector.commit(strangers.map((lookAgain) => ({ lookAgain })))
  }

  /** One that somebody else changed meanwhile, or too large for one batch: statement by statement, then what is left. */
  async function remakeAlone(fed: Fed, first: Remade): Promise<void> {
    await lookAt(first)
    if (first.operations.length > MAX_OPERATIONS)
      for (const agent of fed.agents)
        for await (const statements of statementsOf(deps.statements, agent))
          await projector.commit(statements.map((take) => ({ take })))
    let { places } = first
    let left: Operation[][] = []
    do {
      await commitAnew(collections, async () => {
        let one = await remade(deps, fed, places)
        while (one.strangers.length > 0) {
          await lookAt(one)
          one = await remade(deps, fed, one.places)
        }
        places = one.places
        const [next = [], ...others] = batchesOf(one.operations)
        left = others
        return next
      })
      // Where one of these was overtaken, what is left is computed anew.
      while (left.length > 0 && (await collections.batch(left[0]!)).ok) left.shift()
    } while (left.length > 0)
  }
}

const sizeOf = (batch: readonly [Fed, Remade][]) =>
  batch.reduce((sum, [, { operations }]) => sum + operations.length, 0)

/** Batches that have room, each with all checks. */
function batchesOf(operations: readonly Operation[]): Operation[][] {
  const checks = operations.filter(({ op }) => op === 'check')
  const writes = operations.filter(({ op }) => op !== 'check')
  const size = Math.max(1, MAX_OPERATIONS - checks.length)
  return Array.from({ length: Math.ceil(writes.length / size) }, (_, at) => [
    ...writes.slice(at * size, (at + 1) * size),
    ...checks,
  ])
}

/** People with what feeds their records: of so many parts, one. */
async function peopleOf(collections: Collections, part: number, parts: number): Promise<Fed[]> {
  const people = new Map<string, Fed>()
  for await (const docs of pages((options) => collections.scan(LINKS, { ...options, limit: 500 })))
    for (const { key, value } of docs) {
      const person = recordOf(value)
      if (parts > 1 && partOf(person) % parts !== part) continue
      const fed = people.get(person) ?? { person, agents: [] }
      fed.agents.push(key)
      people.set(person, fed)
    }
  return [...people.values()]
}

const partOf = (person: string) => createHash('sha256').update(person).digest().readUInt32LE()

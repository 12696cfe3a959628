import { createHash } from 'node:crypto'
import { type Extent, type Holdings, type Portion, partsOf, type Taking } from './holding.ts'
import type { Storage, TenantId } from './port.ts'

export interface MoveOptions {
  /** Items of all parts, those that were moved before an interruption too. */
  progress?(done: number, total: number): void
  signal?: AbortSignal
}

export interface Moved {
  /** Blobs that the source names and does not have, or has with another content. */
  damaged: { tenant: TenantId; sha2: string; what: 'missing' | 'changed' }[]
}

export type MoveOutcome =
  | { ok: true; taking: Taking; moved: Moved }
  /** See TakeInOutcome. */
  | { ok: false; refusal: 'not-empty' | 'other-origin' }

/** What the target keeps to go on: where the source is, and how much was moved by then. */
interface Mark {
  place: string
  done: number
}

/**
 * Moves everything from one store to another that keeps nothing yet, or goes on where it was cut off. The source is only
 * read. Call `taking.finish` when the target was compared with it. Rejects with the signal's reason when that stops it.
 */
export async function move(
  source: Holdings,
  target: Storage,
  origin: string,
  { progress, signal }: MoveOptions = {},
): Promise<MoveOutcome> {
  const outcome = await target.takeIn(origin)
  if (!outcome.ok) return outcome
  const { taking } = outcome
  const begun = taking.mark === null ? null : (JSON.parse(taking.mark) as Mark)
  const total = source.extents.reduce((sum, extent) => sum + itemsOf(extent), 0)
  let done = begun?.done ?? 0
  const moved: Moved = { damaged: [] }
  progress?.(done, total)
  for await (const portion of ahead(source.portions(begun?.place ?? null))) {
    signal?.throwIfAborted()
    if (portion.part === 'blobs') await putBlobs(source, target, portion, moved, signal)
    if (portion.part === 'holds') await putHolds(target, portion)
    done += portion.items.length
    await taking.take(portion, JSON.stringify({ place: portion.place, done } satisfies Mark))
    progress?.(Math.min(done, total), total)
  }
  return { ok: true, taking, moved }
}

/** How many items there are of all parts. */
export const itemsOf = ({ tenant, items }: Extent): number =>
  partsOf(tenant).reduce((sum, part) => sum + items[part], 0)

/** The next one is read while one is written. */
async function* ahead(portions: AsyncIterable<Portion>): AsyncGenerator<Portion> {
  const reading = portions[Symbol.asyncIterator]()
  const read = () => {
    const next = reading.next()
    // Whoever leaves early does not hear of it.
    next.catch(() => {})
    return next
  }
  let next = read()
  for (;;) {
    const { done, value } = await next
    if (done) return
    next = read()
    yield value
  }
}

async function putBlobs(
  source: Holdings,
  target: Storage,
  { tenant, items }: Extract<Portion, { part: 'blobs' }>,
  { damaged }: Moved,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { blobs } = target.tenant(tenant!)
  for (const { sha2, size } of items) {
    signal?.throwIfAborted()
    if ((await blobs.size(sha2)) === size) continue
    const content = await source.content(tenant!, sha2)
    if (!content) {
      damaged.push({ tenant: tenant!, sha2, what: 'missing' })
      continue
    }
    try {
      await blobs.put(unchanged(content, sha2))
    } catch (error) {
      if (!(error instanceof Changed)) throw error
      damaged.push({ tenant: tenant!, sha2, what: 'changed' })
    }
  }
}

class Changed extends Error {
  override name = 'Changed'
}

/** Breaks off at its end where it is not what its name says. */
async function* unchanged(content: AsyncIterable<Uint8Array>, sha2: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const piece of content) {
    hash.update(piece)
    yield piece
  }
  if (hash.digest('hex') !== sha2) throw new Changed(`${sha2} has another content`)
}

async function putHolds(
  target: Storage,
  { tenant, items }: Extract<Portion, { part: 'holds' }>,
): Promise<void> {
  const { blobs } = target.tenant(tenant!)
  for (const { owner, sha2s } of items) {
    if (await blobs.hold(owner, sha2s)) continue
    // What is damaged is told of; the rest is still kept.
    const sizes = await Promise.all(sha2s.map((sha2) => blobs.size(sha2)))
    await blobs.hold(
      owner,
      sha2s.filter((_, i) => sizes[i] !== null),
    )
  }
}

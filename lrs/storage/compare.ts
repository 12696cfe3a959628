import { createHash, hash } from 'node:crypto'
import { type Extent, type HeldParts, type Holdings, type Part, type Portion, partsOf } from './holding.ts'
import { itemsOf } from './move.ts'
import type { TenantId } from './port.ts'

/** One part of one tenant, as each store has it. */
export interface ComparedPart {
  /** null: the system's own. */
  tenant: TenantId | null
  part: Part
  count: number
  /** Over all items, in whatever order they come; hex. */
  digest: string
}

export interface Compared {
  /** As the first one has it. */
  parts: ComparedPart[]
  /** What differs, in words; empty: nothing. */
  differences: string[]
}

export interface CompareOptions {
  progress?(done: number, total: number): void
  signal?: AbortSignal
  /**
   * Documents that expire before are left out, for each store removes them in its own time; ms. A day from now unless
   * said otherwise.
   */
  horizon?: number
}

/** Reads all that two stores keep, the content of every blob too, and tells in words what is not the same. */
export async function compareHoldings(
  one: Holdings,
  other: Holdings,
  { progress, signal, horizon = Date.now() + 86_400_000 }: CompareOptions = {},
): Promise<Compared> {
  const total = [...one.extents, ...other.extents].reduce((sum, extent) => sum + itemsOf(extent), 0)
  let done = 0
  const tell = (items: number) => {
    signal?.throwIfAborted()
    done += items
    progress?.(Math.min(done, total), total)
  }
  const [first, second] = await Promise.all([sumUp(one, horizon, tell), sumUp(other, horizon, tell)])
  const differences: string[] = []
  for (const key of new Set([...first.keys(), ...second.keys()])) {
    const { tenant, part } = (first.get(key) ?? second.get(key))!
    const here = first.get(key) ?? createSum(tenant, part)
    const there = second.get(key) ?? createSum(tenant, part)
    const where = `${WORDS[part]} of ${tenant === null ? 'the system' : `tenant ${tenant}`}`
    if (here.count !== there.count) differences.push(`${where}: ${here.count} here, ${there.count} there.`)
    if (here.count === there.count && (here.digest() !== there.digest() || here.order() !== there.order()))
      differences.push(`${where}: ${here.count} on both sides, but not the same.`)
    differences.push(...blocksApart(where, here, there))
  }
  return {
    parts: [...first.values()].map((sum) => ({
      tenant: sum.tenant,
      part: sum.part,
      count: sum.count,
      digest: sum.digest(),
    })),
    differences,
  }
}

const WORDS: Readonly<Record<Part, string>> = {
  blobs: 'Attachments and lesson files',
  holds: 'Files that lessons keep',
  record: 'Statements and what befell them',
  activities: 'Definitions of activities',
  documents: 'xAPI documents',
  indexes: 'Declared indexes',
  docs: 'Records, accounts and settings',
  counters: 'Counters',
}

/** So many positions are told apart. */
const BLOCK = 1_000
const MOST_TOLD = 5

interface Sum {
  tenant: TenantId | null
  part: Part
  count: number
  blocks: Map<number, Uint32Array>
  add(text: string, position: number | null): void
  digest(): string
  /** Where the order is one for all stores: over all items in it. */
  order(): string
}

function createSum(tenant: TenantId | null, part: Part): Sum {
  const all = new Uint32Array(8)
  const inOrder = createHash('sha256')
  let order: string | null = null
  return {
    tenant,
    part,
    count: 0,
    blocks: new Map(),
    add(text, position) {
      const bytes = hash('sha256', text, 'buffer')
      addTo(all, bytes)
      this.count++
      if (position === null) return
      inOrder.update(bytes)
      const number = Math.floor(position / BLOCK)
      const block = this.blocks.get(number) ?? new Uint32Array(8)
      this.blocks.set(number, block)
      addTo(block, bytes)
    },
    digest: () => Buffer.from(all.buffer).toString('hex'),
    order: () => (order ??= inOrder.digest('hex')),
  }
}

/** A sum is the same in whatever order they come, and another when one comes twice. */
function addTo(sum: Uint32Array, bytes: Buffer): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += bytes.readUInt32LE(i * 4)
}

function blocksApart(where: string, here: Sum, there: Sum): string[] {
  const apart = [...new Set([...here.blocks.keys(), ...there.blocks.keys()])]
    .sort((a, b) => a - b)
    .filter((number) => String(here.blocks.get(number)) !== String(there.blocks.get(number)))
  const told = apart
    .slice(0, MOST_TOLD)
    .map((number) => `${number * BLOCK} to ${(number + 1) * BLOCK - 1}`)
    .join(', ')
  if (apart.length === 0) return []
  const more = apart.length > MOST_TOLD ? ` and ${apart.length - MOST_TOLD} more stretches` : ''
  return [`${where}: what differs is at positions ${told}${more}.`]
}

async function sumUp(
  holdings: Holdings,
  horizon: number,
  tell: (items: number) => void,
): Promise<Map<string, Sum>> {
  const sums = new Map<string, Sum>()
  for (const { tenant } of holdings.extents)
    for (const part of partsOf(tenant)) sums.set(`${tenant} ${part}`, createSum(tenant, part))
  const damaged = new Set<string>()
  for await (const portion of holdings.portions(null)) {
    const sum = sums.get(`${portion.tenant} ${portion.part}`)!
    for (const item of portion.items) {
      if (portion.part === 'docs') {
        const { expires } = item as HeldParts['docs']
        if (expires !== null && expires <= horizon) continue
      }
      if (portion.part === 'blobs') {
        const { sha2 } = item as HeldParts['blobs']
        // What is damaged is not there; who looks for damage in the store itself is told of it (Storage.check).
        if ((await digestOf(holdings, portion.tenant!, sha2)) !== sha2) {
          damaged.add(sha2)
          continue
        }
      }
      if (portion.part === 'holds') {
        const { owner, sha2s } = item as HeldParts['holds']
        const whole = sha2s.filter((sha2) => !damaged.has(sha2))
        if (whole.length > 0) sum.add(sorted({ owner, sha2s: whole }), null)
        continue
      }
      sum.add(textOf(portion.part, item), positionOf(portion.part, item))
    }
    tell(portion.items.length)
  }
  return sums
}

type Item = Portion['items'][number]

/** An item as text that is the same whichever store tells it. */
function textOf(part: Part, item: Item): string {
  switch (part) {
    case 'record': {
      const held = item as HeldParts['record']
      if (held.kind !== 'statement') return sorted(held)
      // That another refers to it can be told from what is there; a store may remember one that is erased.
      const { position, id, fingerprint, stored, voided, text, isTarget, ...rest } = held
      return `${position} ${id} ${fingerprint} ${stored} ${voided} ${sorted(rest)} ${text}`
    }
    case 'documents': {
      const { content, ...rest } = item as HeldParts['documents']
      return `${sorted(rest)} ${hash('sha256', content)}`
    }
    case 'counters': {
      // The time of the last commit goes on: it is only never earlier.
      const { position, statements, unused } = item as Extent
      return sorted({ position, statements, unused })
    }
    default:
      return sorted(item)
  }
}

/** JSON with the members of objects in one order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function positionOf(part: Part, item: Item): number | null {
  if (part !== 'record') return null
  const held = item as HeldParts['record']
  return held.kind === 'moment' ? held.last : held.position
}

async function digestOf(holdings: Holdings, tenant: TenantId, sha2: string): Promise<string | null> {
  const content = await holdings.content(tenant, sha2)
  if (!content) return null
  const bytes = createHash('sha256')
  for await (const piece of content) bytes.update(piece)
  return bytes.digest('hex')
}

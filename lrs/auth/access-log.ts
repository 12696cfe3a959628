import { randomBytes } from 'node:crypto'
import type { Caller } from '../caller.ts'
import type { ForeignRead } from '../lrs.ts'
import type { Collections, Operation, SourceId, TenantId } from '../storage/port.ts'
import { ACCESS_LOG, type AccessEntry } from './collections.ts'

/** The operation that appends an entry, for the batch of the change that it tells of. */
export function appendAccess(entry: Omit<AccessEntry, 'at'>): Operation {
  const at = Date.now()
  const key = `${String(at).padStart(15, '0')}-${randomBytes(8).toString('hex')}`
  return { op: 'insert', collection: ACCESS_LOG, key, value: { at, ...entry } satisfies AccessEntry }
}

/** Newest first, at most 500: changes to sources and credentials, and reads of what others sent. */
export async function readAccessLog(
  system: Collections,
  tenant: TenantId,
  options: { source?: SourceId; limit?: number } = {},
): Promise<AccessEntry[]> {
  const { source, limit = 100 } = options
  const found = await system.find(ACCESS_LOG, {
    index: source === undefined ? 'tenant' : 'source',
    equals: source === undefined ? { tenant } : { tenant, source },
    descending: true,
    limit: Math.min(limit, 500),
  })
  return found.docs.map((doc) => doc.value)
}

/**
 * Appends foreign reads to the access log: the first of a credential at once, then one entry a minute with the sum,
 * so that a tool that pages through everything does not fill the log.
 */
export function createForeignReadLog(system: Collections, everyMs = 60_000) {
  const open = new Map<
    string,
    { caller: Caller; sources: Set<SourceId>; statements: number; reads: number }
  >()
  const lastWritten = new Map<string, number>()

  async function write(id: string): Promise<void> {
    const sum = open.get(id)
    if (!sum) return
    open.delete(id)
    lastWritten.set(id, Date.now())
    const { tenant, source, credential } = sum.caller
    await system.batch([
      appendAccess({
        tenant,
        source,
        credential,
        by: credential,
        action: 'foreign-read',
        detail: { of: [...sum.sources].sort().slice(0, 100), statements: sum.statements, reads: sum.reads },
      }),
    ])
  }

  return {
    note(read: ForeignRead): void {
      const id = `${read.caller.tenant} ${read.caller.credential}`
      const sum = open.get(id)
      if (sum) {
        for (const source of read.sources) sum.sources.add(source)
        sum.statements += read.statements
        sum.reads += 1
        return
      }
      open.set(id, {
        caller: read.caller,
        sources: new Set(read.sources),
        statements: read.statements,
        reads: 1,
      })
      const wait = (lastWritten.get(id) ?? 0) + everyMs - Date.now()
      // A failed append must not fail the read that has been answered; the sum is lost with the store's outage.
      const go = () => void write(id).catch(() => {})
      if (wait <= 0) go()
      else setTimeout(go, wait).unref()
    },
    /** Writes what is waiting; for a clean stop. */
    async flush(): Promise<void> {
      for (const id of [...open.keys()]) await write(id)
    },
  }
}

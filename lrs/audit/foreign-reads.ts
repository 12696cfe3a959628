import type { Caller } from '../caller.ts'
import type { ForeignRead } from '../lrs.ts'
import type { Collections } from '../storage/collections.ts'
import type { SourceId } from '../storage/port.ts'
import { appendAudit } from './entry.ts'

/** Largest number of sources that one entry names. */
const MOST_SOURCES = 100

interface Sum {
  caller: Caller
  of: Set<SourceId>
  statements: number
  reads: number
}

/**
 * Appends foreign reads to the audit: the first of a reader at once, then one entry a minute with the sum, so that a
 * tool that pages through everything does not fill the log.
 */
export function createForeignReadLog(system: Collections, everyMs = 60_000) {
  const open = new Map<string, Sum>()
  const lastWritten = new Map<string, number>()

  async function write(id: string): Promise<void> {
    const sum = open.get(id)
    if (!sum) return
    open.delete(id)
    lastWritten.set(id, Date.now())
    const { tenant, source, credential, person } = sum.caller
    await system.batch([
      appendAudit({
        tenant,
        source,
        credential,
        actor: person ?? credential,
        action: 'foreign-read',
        of: [...sum.of].sort().slice(0, MOST_SOURCES),
        detail: { sources: sum.of.size, statements: sum.statements, reads: sum.reads },
      }),
    ])
  }

  return {
    note({ caller, sources, statements }: ForeignRead): void {
      const id = `${caller.tenant} ${caller.credential} ${caller.person ?? ''}`
      const sum = open.get(id)
      if (sum) {
        for (const source of sources) sum.of.add(source)
        sum.statements += statements
        sum.reads += 1
        return
      }
      open.set(id, { caller, of: new Set(sources), statements, reads: 1 })
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

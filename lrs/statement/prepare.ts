/** The way of statements up to the store: read, validate, complete, record. Pure but for the ids it makes. */
import { setImmediate } from 'node:timers/promises'
import type { StatementRecord } from '../storage/port.ts'
import { scanElements } from './json.ts'
import { parseJson } from './json-syntax.ts'
import { createPreparation } from './preparation.ts'
import type { PrepareStatements } from './types.ts'

/** After so many ms of work on a batch, others that wait for this thread get their turn. */
const BREATH = 5

/**
 * Turns what was received into records, or into all that is wrong with it (100 problems at most, with the total, which
 * is counted to 10,000). Never throws for what a client can send. For what is held whole; large bodies go another way
 * (large/prepare-large.ts).
 */
export const prepareStatements: PrepareStatements = async ({ text, ...request }, caller) => {
  const preparation = createPreparation(request, caller)
  const records: StatementRecord[] = []
  const parsed = parseJson(text)
  if (parsed.ok) await takeAll(parsed.value)
  else preparation.fault(text, parsed.fault)
  const outcome = preparation.finish()
  return outcome.ok ? { ok: true, records, ids: records.map(({ id }) => id) } : outcome

  async function takeAll(value: unknown): Promise<void> {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    preparation.begin(Array.isArray(value), values[0])
    let since = performance.now()
    for (const scanned of scanElements(text)) {
      if (preparation.isFull()) return
      if (performance.now() - since > BREATH) {
        await setImmediate()
        since = performance.now()
      }
      const record = await preparation.take(values[preparation.taken], text, scanned)
      if (record) records.push(record)
    }
  }
}

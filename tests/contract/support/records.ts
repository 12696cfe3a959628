import { createHash } from 'node:crypto'
import type { StatementRecord } from '../../../lrs/storage/port.ts'

/** A UUID that is the same for the same name. */
export function idOf(name: string | number): string {
  const hex = createHash('sha256').update(String(name)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** A statement record, plain but for what the test is about. */
export function recordOf(name: string | number, about: Partial<StatementRecord> = {}): StatementRecord {
  const id = idOf(name)
  return {
    id,
    text: `{"id":"${id}","name":${JSON.stringify(String(name))}}`,
    needsTimestamp: false,
    fingerprint: `1:${id}`,
    source: 'lms',
    keys: ['verb:done'],
    refersTo: null,
    voiding: false,
    mayVoidForeign: false,
    attachments: [],
    definitions: [],
    names: [],
    ...about,
  }
}

/** A voiding statement by `source` against the statement of that name. */
export function voidOf(
  name: string,
  target: string | number,
  about: Partial<StatementRecord> = {},
): StatementRecord {
  return recordOf(name, { keys: ['verb:voided'], refersTo: idOf(target), voiding: true, ...about })
}

export const everything = { keys: [], ascending: true, limit: 1_000, maxBytes: 10_000_000 } as const

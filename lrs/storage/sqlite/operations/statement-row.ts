import type { StoredStatement } from '../../port.ts'
import { uuidText } from '../bytes.ts'

export interface StatementRow {
  seq: number
  id: Uint8Array
  stored: number
  source: string
  fingerprint: string
  refers_to: Uint8Array | null
  voiding: number
  voided: number
  attachments: string | null
  text: string
}

export const STATEMENT_COLUMNS =
  'seq, id, stored, source, fingerprint, refers_to, voiding, voided, attachments, text'

export function storedStatement(row: StatementRow): StoredStatement {
  return {
    position: row.seq,
    id: uuidText(row.id),
    text: row.text,
    stored: row.stored,
    source: row.source,
    fingerprint: row.fingerprint,
    refersTo: row.refers_to === null ? null : uuidText(row.refers_to),
    voiding: row.voiding === 1,
    voided: row.voided === 1,
    attachments: row.attachments === null ? [] : (JSON.parse(row.attachments) as string[]),
  }
}

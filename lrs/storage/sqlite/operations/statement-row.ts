import type { StatementText, StatementTexts, StoredStatement } from '../../port.ts'
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
    attachments: attachmentsOf(row),
  }
}

const attachmentsOf = ({ attachments }: Pick<StatementRow, 'attachments'>): string[] =>
  attachments === null ? [] : (JSON.parse(attachments) as string[])

export type TextRow = Pick<StatementRow, 'seq' | 'stored' | 'source' | 'attachments'> & { text: Uint8Array }

/** Of a TextRow: the text as the bytes it is on disk. */
export const TEXT_COLUMNS = 'seq, stored, source, attachments, CAST(text AS BLOB) AS text'

export function statementText(row: TextRow & Pick<StatementRow, 'voided'>): StatementText {
  const { text, stored, source, voided } = row
  return { text, stored, source, voided: voided === 1, attachments: attachmentsOf(row) }
}

const COMMA = Buffer.from(',')

export function joinTexts(rows: readonly TextRow[]): Omit<StatementTexts, 'more'> {
  return {
    text: Buffer.concat(rows.flatMap(({ text }, at) => (at === 0 ? [text] : [COMMA, text]))),
    statements: rows.map((row) => ({
      position: row.seq,
      stored: row.stored,
      source: row.source,
      attachments: attachmentsOf(row),
      bytes: row.text.length,
    })),
  }
}

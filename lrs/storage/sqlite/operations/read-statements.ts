import type { StatementRelations, StatementText, StoredStatement } from '../../port.ts'
import { uuidBytes, uuidText } from '../bytes.ts'
import type { ReadContext } from './context.ts'
import {
  STATEMENT_COLUMNS,
  type StatementRow,
  statementText,
  storedStatement,
  TEXT_COLUMNS,
  type TextRow,
} from './statement-row.ts'

export function getStatement({ db }: ReadContext, id: string): StoredStatement | null {
  const bytes = uuidBytes(id)
  if (!bytes) return null
  const row = db.row<StatementRow>(`SELECT ${STATEMENT_COLUMNS} FROM statement WHERE id = ?`, bytes)
  return row ? storedStatement(row) : null
}

export function getStatementText({ db }: ReadContext, id: string): StatementText | null {
  const bytes = uuidBytes(id)
  if (!bytes) return null
  const row = db.row<TextRow & Pick<StatementRow, 'voided'>>(
    `SELECT ${TEXT_COLUMNS}, voided FROM statement WHERE id = ?`,
    bytes,
  )
  return row ? statementText(row) : null
}

export function countStatements({ db }: ReadContext): number {
  return db.row<{ statements: number }>('SELECT statements FROM meta')!.statements
}

/** Also for an id that is not there (yet): what refers to it. */
export function relations({ db }: ReadContext, id: string): StatementRelations {
  const bytes = uuidBytes(id)
  const target =
    bytes && db.row<{ no: number; seq: number | null }>('SELECT no, seq FROM target WHERE id = ?', bytes)
  if (!target) return { referrers: [], voiders: [] }
  const self =
    target.seq === null
      ? undefined
      : db.row<{ source: string; voiding: number }>(
          'SELECT source, voiding FROM statement WHERE seq = ?',
          target.seq,
        )
  const referrers = db.rows<{ id: Uint8Array }>(
    `SELECT s.id FROM reference r CROSS JOIN statement s ON s.seq = r.seq
     WHERE r.target = ? ORDER BY r.seq LIMIT 100`,
    target.no,
  )
  const voiders = db.rows<{ id: Uint8Array; source: string; foreign_too: number }>(
    `SELECT s.id, v.source, v.foreign_too FROM void v CROSS JOIN statement s ON s.seq = v.seq
     WHERE v.target = ? ORDER BY v.seq LIMIT 100`,
    target.no,
  )
  return {
    referrers: referrers.map((row) => uuidText(row.id)),
    voiders: voiders.map((row) => ({
      id: uuidText(row.id),
      source: row.source,
      effective:
        self !== undefined && self.voiding === 0 && (row.source === self.source || row.foreign_too === 1),
    })),
  }
}

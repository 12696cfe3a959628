import type { StatementRecord } from './port.ts'

/** Puts the server's times into a record's text, as its first members. `stored` in ms; ISO 8601 UTC with ms. */
export function stamp(record: Pick<StatementRecord, 'text' | 'needsTimestamp'>, stored: number): string {
  const iso = new Date(stored).toISOString()
  const members = record.needsTimestamp ? `"stored":"${iso}","timestamp":"${iso}",` : `"stored":"${iso}",`
  return `{${members}${record.text.slice(1)}`
}

import type { StatementText, StatementTexts, StoredStatement } from '../port.ts'
import { keyOf, positionOf } from './names.ts'
import type { StatementDocument } from './schema.ts'

/** What is read of a statement to show it: all but what it is found by. */
export const SHOWN = { keys: 0, terms: 0, names: 0, blobs: 0, actor: 0, referrer: 0 } as const

export type ShownStatement = Omit<StatementDocument, keyof typeof SHOWN>

export function storedStatement(document: ShownStatement): StoredStatement {
  const { _id, id, text, stored, source, fingerprint, refersTo, voiding, voided, attachments } = document
  return {
    position: positionOf(_id),
    id,
    text,
    stored,
    source,
    fingerprint,
    refersTo: refersTo === undefined ? null : keyOf(refersTo),
    voiding: voiding === true,
    voided,
    attachments: attachments ?? [],
  }
}

export function statementText({ text, stored, source, voided, attachments }: ShownStatement): StatementText {
  return { text: Buffer.from(text), stored, source, voided, attachments: attachments ?? [] }
}

export function joinTexts(documents: readonly ShownStatement[]): Omit<StatementTexts, 'more'> {
  return {
    text: Buffer.from(documents.map(({ text }) => text).join(',')),
    statements: documents.map(({ _id, stored, source, attachments, text }) => ({
      position: positionOf(_id),
      stored,
      source,
      attachments: attachments ?? [],
      bytes: Buffer.byteLength(text),
    })),
  }
}

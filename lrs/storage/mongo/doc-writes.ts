import { randomInt } from 'node:crypto'
import type { TextOperation } from '../text-operation.ts'
import { dateOf } from './doc-names.ts'
import type { DocDocument } from './schema.ts'

/** What is read of a document that is to be changed. */
export type There = Pick<DocDocument, '_id' | 'revision' | 'expires' | 'entries'>
export const THERE = { revision: 1, expires: 1, entries: 1 } as const

export const randomNumber = () => randomInt(2 ** 48 - 1)

export const isAlive = (there: Pick<There, 'expires'> | undefined | null, now: number) =>
  !!there && (!there.expires || there.expires.getTime() > now)

/** The document that a put, an insert or a replace leaves. */
export function freshDoc(
  operation: TextOperation & { text: string; expires: number | null },
  entries?: string,
): Omit<DocDocument, '_id'> {
  const { text, expires } = operation
  return {
    revision: randomNumber(),
    value: text,
    ...(expires !== null && { expires: dateOf(expires) }),
    ...(entries !== undefined && { entries }),
  }
}

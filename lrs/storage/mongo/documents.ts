import type { DocumentStore } from '../port.ts'
import type { Connection } from './connect.ts'
import type { Names } from './names.ts'
import type { Schema } from './schema.ts'

export function createDocuments(
  _connection: Connection,
  _schema: Schema,
  _names: Names,
  _clock: () => number,
): DocumentStore {
  return {} as DocumentStore
}

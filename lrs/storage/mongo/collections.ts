import type { Collections } from '../port.ts'
import type { Connection } from './connect.ts'
import type { Names } from './names.ts'
import type { Schema } from './schema.ts'

export function createCollections(
  _connection: Connection,
  _schema: Schema,
  _names: Names,
  _clock: () => number,
): Collections {
  return {} as Collections
}

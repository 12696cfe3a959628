import type { Connection } from '../connect.ts'
import type { Names } from '../names.ts'
import type { Schema } from '../schema.ts'

/** Whose things are looked through. */
export interface Place {
  connection: Connection
  schema: Schema
  names: Names
  clock: () => number
}

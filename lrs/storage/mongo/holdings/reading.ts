import type { ClientSession } from 'mongodb'
import type { Names } from '../names.ts'
import type { Schema } from '../schema.ts'

/** What pages of one tenant are read with; the session has all of them see one moment. */
export interface Reading {
  schema: Schema
  names: Names
  session: { session?: ClientSession }
}

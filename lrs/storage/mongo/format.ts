import { StorageUnavailable } from '../port.ts'
import { isDuplicateKey } from './connect.ts'
import { SYSTEM } from './names.ts'
import type { Schema } from './schema.ts'

/** Of what this program writes. A change that older programs would read wrongly has the next number, and a step from the one before. */
const NEWEST = 1

/** Marks a new database, and refuses one that a newer program has written: StorageUnavailable, in words. */
export async function takeFormat(schema: Schema): Promise<void> {
  await schema.format.insertOne({ _id: SYSTEM, number: NEWEST }).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error
  })
  const format = await schema.format.findOne({ _id: SYSTEM })
  if (format && format.number > NEWEST) {
    throw new StorageUnavailable(
      `The database was written by a newer version (format ${format.number}, this one knows ${NEWEST}). Start that version, or restore a backup into an empty database.`,
    )
  }
}

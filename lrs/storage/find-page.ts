import type { Collection, Collections, Find, Found } from './collections.ts'
import { StorageUnavailable } from './port.ts'

/**
 * A page of documents for an address that people see. `after` stands in that address, and people shorten and mistype
 * it: what is no `next` of an earlier page leads to the first one.
 */
export async function findPage<T>(
  collections: Collections,
  collection: Collection<T>,
  { after, ...asked }: Omit<Find, 'after'> & { after?: string | undefined },
): Promise<Found<T>> {
  if (after === undefined) return collections.find(collection, asked)
  return collections.find(collection, { ...asked, after }).catch((error: unknown) => {
    if (error instanceof StorageUnavailable) throw error
    return collections.find(collection, asked)
  })
}

import { type Collection, type Collections, type Doc, findPage, StorageUnavailable } from '../../lrs/index.ts'

/** Documents of one page. */
const PAGE = 100

/**
 * Delivers what waits in a collection, the longest first; returns how many documents. One that cannot be delivered keeps
 * none of the others back: each is tried, and the first error is thrown at the end. An outage is thrown at once.
 *
 * @param together - documents of a page that are delivered in one; each alone without it, and where one of them fails
 */
export async function resumeWaiting<T>(
  collections: Collections,
  collection: Collection<T>,
  deliver: (keys: readonly string[]) => Promise<void>,
  { limit = PAGE, together = (docs) => docs.map((doc) => [doc]) }: Together<T> = {},
): Promise<number> {
  const errors: unknown[] = []
  async function attempt(keys: readonly string[]): Promise<number> {
    try {
      await deliver(keys)
      return keys.length
    } catch (error) {
      if (error instanceof StorageUnavailable) throw error
      if (keys.length === 1) errors.push(error)
    }
    let delivered = 0
    if (keys.length > 1) for (const key of keys) delivered += await attempt([key])
    return delivered
  }
  let delivered = 0
  let after: string | undefined
  do {
    const waiting = { index: 'waiting', range: { gt: 0 }, limit, after }
    const page: Awaited<ReturnType<typeof findPage<T>>> = await findPage(collections, collection, waiting)
    for (const docs of together(page.docs)) delivered += await attempt(docs.map(({ key }) => key))
    after = page.next ?? undefined
  } while (after !== undefined)
  if (errors.length > 0) throw errors[0]
  return delivered
}

interface Together<T> {
  limit?: number
  together?: (docs: readonly Doc<T>[]) => Doc<T>[][]
}

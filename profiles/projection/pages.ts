import type { Doc } from '../../lrs/index.ts'

/** All pages of a scan or a find, one after the other. */
export async function* pages<T>(
  read: (options: { after?: string; limit: number }) => Promise<{ docs: Doc<T>[]; next: string | null }>,
): AsyncGenerator<Doc<T>[]> {
  let after: string | null = null
  do {
    const page: { docs: Doc<T>[]; next: string | null } = await read({
      limit: 100,
      ...(after === null ? {} : { after }),
    })
    yield page.docs
    after = page.next
  } while (after !== null)
}

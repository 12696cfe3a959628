import type { Collection } from 'mongodb'
import type { Connection } from '../connect.ts'
import type { Names } from '../names.ts'

const PAGE = 500

/** Ids of all that a tenant has in a collection now, in order. */
export async function* pagesOf<T extends { _id: string }>(
  { ask }: Connection,
  collection: Collection<T>,
  names: Names,
): AsyncGenerator<string[]> {
  const all = collection as unknown as Collection<{ _id: string }>
  const { $gte, $lt } = names.within()
  const newest = await ask(() =>
    all.findOne({ _id: { $gte, $lt } }, { projection: { _id: 1 }, sort: { _id: -1 }, hint: { _id: 1 } }),
  )
  // What comes meanwhile is not waited for.
  for (let after = $gte; newest && after < newest._id; ) {
    const page = await ask(() => idsOf(all, { _id: { $gt: after, $lte: newest._id } }))
    if (page.length === 0) return
    yield page
    after = page.at(-1)!
  }
}

const SPAN = 50_000

/** Ranges of ids that hold so many documents each, and together all behind `from`: for what counts them. */
export async function* spansOf<T extends { _id: string }>(
  { ask }: Connection,
  collection: Collection<T>,
  names: Names,
  from?: string,
  size = SPAN,
): AsyncGenerator<{ $gt: string; $lte: string } | { $gt: string; $lt: string }> {
  const all = collection as unknown as Collection<{ _id: string }>
  const { $gte, $lt } = names.within()
  for (let $gt = from ?? $gte; ; ) {
    const last: { _id: string } | null = await ask(() =>
      all.findOne(
        { _id: { $gt, $lt } },
        { projection: { _id: 1 }, sort: { _id: 1 }, skip: size - 1, hint: { _id: 1 } },
      ),
    )
    yield last ? { $gt, $lte: last._id } : { $gt, $lt }
    if (!last) return
    $gt = last._id
  }
}

/** Ids of all files in GridFS, in the order in which they were begun. */
export async function* pagesOfFiles<T extends { _id: unknown }>(
  { ask }: Connection,
  files: Collection<T>,
): AsyncGenerator<T['_id'][]> {
  const all = files as unknown as Collection<{ _id: object }>
  for (let after: object | null = null; ; ) {
    const behind: object = after === null ? {} : { _id: { $gt: after } }
    const page: object[] = await ask(() => idsOf(all, behind))
    if (page.length === 0) return
    yield page
    after = page.at(-1)!
  }
}

async function idsOf<Id>(all: Collection<{ _id: Id }>, which: object): Promise<Id[]> {
  const find = all.find(which, { projection: { _id: 1 }, hint: { _id: 1 } })
  const page = await find.sort({ _id: 1 }).limit(PAGE).toArray()
  return page.map(({ _id }) => _id as Id)
}

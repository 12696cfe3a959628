import type { Collections } from '../../lrs/index.ts'
import { lessons, versions } from '../collections.ts'
import type { ContentId } from '../types.ts'

const STEP = 100

/** Whether everybody may read the content's files: a version of a lesson that is published has it. */
export async function isOpen(collections: Collections, content: ContentId): Promise<boolean> {
  let after: string | undefined
  do {
    const found = await collections.find(versions, {
      index: 'content',
      equals: { content },
      limit: STEP,
      ...(after !== undefined && { after }),
    })
    const of = [...new Set(found.docs.map(({ value }) => value.lesson))]
    const held = of.length > 0 ? await collections.getMany(lessons, of) : new Map()
    if ([...held.values()].some(({ value }) => value.status === 'published')) return true
    after = found.next ?? undefined
  } while (after !== undefined)
  return false
}

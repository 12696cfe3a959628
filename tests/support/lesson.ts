import type { Lesson, LessonDetails } from '../../h5p/index.ts'
import { lessonShowing } from '../../h5p/lesson/shape.ts'
import { TOPIC } from './host-world.ts'

/** A lesson without content, published as its version 1 unless its status says otherwise. */
export function lessonWith(
  id: string,
  said: Partial<LessonDetails & Pick<Lesson, 'author' | 'organisation' | 'status' | 'created' | 'published'>>,
): Lesson {
  const { author = 'an', organisation, status = 'published', created = 1, published = 1, ...details } = said
  return lessonShowing(
    {
      id,
      author,
      ...(organisation !== undefined && { organisation }),
      status,
      current: status === 'published' ? 1 : null,
      latest: published === null ? 0 : 1,
      draft: {
        content: id,
        library: 'SuotDoi.Lesson 1.0',
        details: {
          title: id,
          description: '',
          language: 'vi',
          topics: [TOPIC],
          audience: [],
          authors: [],
          ...details,
        },
        completion: { by: 'last-page' },
        mode: { kind: 'practice' },
        anonymous: false,
      },
      created,
      published,
    },
    null,
  )
}

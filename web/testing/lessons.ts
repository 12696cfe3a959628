import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { DraftChange, Lesson, Lessons, Version } from '../../h5p/index.ts'
import { refuse } from '../../lrs/index.ts'
import { lessonOf, sampleLessons } from './sample.ts'

export interface SampleUpload {
  file: string
  title: string | undefined
  organisation?: string | undefined
}

/** It runs with older libraries than there are. */
const BEHIND = 'lesson-4'

const missing = refuse({ id: 'lesson-not-found', status: 404, message: 'There is no such lesson' })

/** Lessons in a list; each that is published has the one version. */
export function fakeLessons(list: Lesson[], uploads: SampleUpload[]): Lessons {
  const change = (id: string, edit: (lesson: Lesson) => Partial<Lesson>) => {
    const lesson = list.find((each) => each.id === id)
    return lesson ? Object.assign(lesson, edit(lesson)) : missing
  }
  const pageOf = <T>(all: readonly T[], after: string | undefined, limit: number) => {
    const start = Number(after ?? 0)
    const end = start + limit
    return { items: all.slice(start, end), next: end < all.length ? String(end) : null }
  }
  const of = (organisation: string | null, author?: string) =>
    list.filter((each) => (each.organisation ?? null) === organisation && (!author || each.author === author))
  const versionOf = (lesson: Lesson): Version => ({
    ...lesson.draft,
    lesson: lesson.id,
    number: 1,
    libraries: [],
    published: lesson.published ?? 0,
    by: lesson.author,
  })
  return {
    async upload(file, by, details) {
      uploads.push({ file, title: details?.title, organisation: details?.organisation })
      if (details?.title === 'refused') {
        const refusal = refuse({ id: 'h5p-not-a-package', status: 400, message: 'No package' })
        return { ...refusal, problems: refusal.problems }
      }
      const [sample] = sampleLessons(by.person, 1)
      const draft = edited(sample!, details?.title ? { title: details.title } : {})
      const added = lessonOf({
        ...sample!,
        id: randomUUID(),
        status: 'draft',
        current: null,
        latest: 0,
        draft,
        published: null,
      })
      list.push(added)
      return added
    },
    describe: async (id, said) =>
      change(id, (lesson) => lessonOf({ ...lesson, draft: edited(lesson, said) })),
    move: async (id, organisation) => change(id, () => (organisation === null ? {} : { organisation })),
    publishAnew: async (id) => change(id, () => ({})),
    behind: async (these) =>
      new Map(these.filter(({ id }) => id === BEHIND).map(({ id }) => [id, ['H5P.Question-1.5']])),
    archive: async (id) => change(id, () => ({ status: 'archived', current: null })),
    restore: async (id) => change(id, ({ latest }) => ({ status: latest > 0 ? 'withdrawn' : 'draft' })),
    async replaceContent(id) {
      const changed = change(id, ({ latest }) => ({ changed: latest > 0 }))
      return 'ok' in changed ? { ...changed, problems: changed.problems } : changed
    },
    restoreVersion: async (id) => change(id, () => ({ changed: false })),
    async duplicate(id, { by, title }) {
      const lesson = list.find((each) => each.id === id)
      if (!lesson) return missing
      const copy = {
        ...lesson,
        id: randomUUID(),
        author: by,
        status: 'draft',
        current: null,
        latest: 0,
      } as const
      const added = lessonOf({ ...copy, draft: edited(lesson, { title }), published: null })
      list.push(added)
      return added
    },
    setCover: async (id) => change(id, () => ({})),
    openCover: async () => null,
    export: async () => ({ name: 'bai.h5p', content: Readable.from(['PK']) }),
    publish: async (id) =>
      change(id, () => ({ status: 'published', current: 1, latest: 1, published: Date.now() })),
    unpublish: async (id) =>
      change(id, () => ({ status: 'withdrawn', current: null, withdrawn: Date.now() })),
    putBack: async (id) => change(id, ({ latest }) => ({ status: 'published', current: latest })),
    async version(id, number) {
      const lesson = list.find((each) => each.id === id)
      return lesson && number === 1 && lesson.latest === 1 ? versionOf(lesson) : null
    },
    async versions(id) {
      const lesson = list.find((each) => each.id === id)
      return { versions: lesson?.latest === 1 ? [versionOf(lesson)] : [], next: null }
    },
    async remove(id) {
      list.splice(
        list.findIndex((each) => each.id === id),
        1,
      )
    },
    get: async (id) => list.find((each) => each.id === id) ?? null,
    async published({ topic, query, language, after, limit }) {
      const all = list.filter(
        (each) =>
          each.status === 'published' &&
          (!topic || each.topics.includes(topic)) &&
          (!language || each.language === language) &&
          (!query || each.title.includes(query)),
      )
      const { items, next } = pageOf(all, after, limit)
      return { lessons: items, next }
    },
    async of(organisation, { author, after, limit }) {
      const { items, next } = pageOf(of(organisation, author), after, limit)
      return { lessons: items, next }
    },
    countOf: async (organisation, author) => of(organisation, author).length,
    async handOver({ organisation, from, to }) {
      const handed = of(organisation, from)
      for (const lesson of handed) lesson.author = to
      return handed.length
    },
    async by(author, { after, limit }) {
      const { items, next } = pageOf(
        list.filter((each) => each.author === author),
        after,
        limit,
      )
      return { lessons: items, next }
    },
  }
}

/** The lesson's draft with what was said of it; null takes a detail away. */
function edited({ draft }: Lesson, { completion, mode, anonymous, ...said }: DraftChange): Lesson['draft'] {
  const details = { ...draft.details, ...said }
  return {
    ...draft,
    completion: completion ?? draft.completion,
    mode: mode ?? draft.mode,
    anonymous: anonymous ?? draft.anonymous,
    details: Object.fromEntries(
      Object.entries(details).filter(([, value]) => value !== null),
    ) as unknown as typeof draft.details,
  }
}

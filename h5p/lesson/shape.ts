import { foldedWords } from '../../lrs/index.ts'
import type { LessonRecord } from '../collections.ts'
import type { Draft, Lesson, Topic, Version } from '../types.ts'

/** What of a lesson its draft and versions do not say. */
export type LessonState = Omit<Lesson, 'changed' | 'anonymous' | 'library' | keyof Draft['details']>

/** A lesson, which shows what the version says that learners get or got last, or its draft where there never was one. */
export function lessonShowing(state: LessonState, latest: Draft | null): Lesson {
  const { details, library, anonymous, mode } = latest ?? state.draft
  return {
    ...state,
    ...details,
    library,
    // What is assessed is somebody's.
    anonymous: anonymous && mode.kind === 'practice',
    changed: latest !== null && !isSame(latest, state.draft),
  }
}

/** What a lesson says beside its draft and versions: the opposite of `lessonShowing`. */
export function stateOf(lesson: Lesson): LessonState {
  const { id, author, organisation, status, current, latest, draft, created, published, withdrawn } = lesson
  return {
    id,
    author,
    ...(organisation !== undefined && { organisation }),
    status,
    current,
    latest,
    draft,
    created,
    published,
    ...(withdrawn !== undefined && { withdrawn }),
  }
}

/** The parts of a draft or version that an author makes, alone and in one order. */
export function draftOf({ content, library, details, completion, mode, anonymous }: Draft): Draft {
  return { content, library, details, completion, mode, anonymous }
}

function isSame(version: Version | Draft, draft: Draft): boolean {
  return JSON.stringify(draftOf(version)) === JSON.stringify(draftOf(draft))
}

/** A lesson as it is kept: with the words by which it is found. Its topics are found under their names of now. */
export function recordOf(lesson: Lesson, topics: readonly Topic[]): LessonRecord {
  const names = topics.filter(({ id }) => lesson.topics.includes(id)).flatMap(({ vi, en }) => [vi, en])
  const told = [lesson.title, ...names, lesson.description]
  return { ...lesson, words: foldedWords(told.join(' ')) }
}

export function lessonOf({ words: _, ...lesson }: LessonRecord): Lesson {
  return lesson
}

/** Whether each word of a query begins one of the lesson's. */
export function holds(lesson: LessonRecord, query: readonly string[]): boolean {
  return query.every((wanted) => lesson.words.some((word) => word.startsWith(wanted)))
}

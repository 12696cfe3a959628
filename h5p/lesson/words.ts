import { foldedWords } from '../../lrs/index.ts'
import type { LessonRecord } from '../collections.ts'
import { TOPICS } from '../topics.ts'
import type { Lesson } from '../types.ts'

/** A lesson as it is kept: with the words by which it is found. */
export function recordOf(lesson: Lesson): LessonRecord {
  const topic = TOPICS.find((each) => each.iri === lesson.topic)
  const told = [lesson.title, topic?.vi ?? '', topic?.en ?? '', lesson.description]
  return { ...lesson, words: foldedWords(told.join(' ')) }
}

export function lessonOf({ words: _, ...lesson }: LessonRecord): Lesson {
  return lesson
}

/** Whether each word of a query begins one of the lesson's. */
export function holds(lesson: LessonRecord, query: readonly string[]): boolean {
  return query.every((wanted) => lesson.words.some((word) => word.startsWith(wanted)))
}

import type { LessonRecord } from '../collections.ts'
import { TOPICS } from '../topics.ts'
import type { Lesson } from '../types.ts'

/** Most words of one lesson, or of one query, that are looked at; and most characters of a word. */
const MAX_WORDS = 400
const MAX_LENGTH = 40

/** The words of a text as they are searched: lower case, no diacritics, each once. `Rác thải, đồ nhựa` is rac thai do nhua. */
export function foldedWords(text: string): string[] {
  const words = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .split(/[^\p{L}\p{N}]+/u)
  return [...new Set(words.filter((word) => word !== ''))]
    .slice(0, MAX_WORDS)
    .map((word) => word.slice(0, MAX_LENGTH))
}

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

import { problem } from '../problems.ts'
import { isTopic } from '../topics.ts'
import type { Lesson, LessonDetails, PackageProblem } from '../types.ts'

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/
const MAX_MINUTES = 600

export function isLanguageTag(tag: string): boolean {
  return LANGUAGE.test(tag)
}

/** What is wrong with what an author says of a lesson; `path` names the detail. */
export function detailProblem(details: LessonDetails): PackageProblem | null {
  const { title, description, topic, language, minutes } = details
  const wrong = (path: keyof LessonDetails, ...said: Parameters<typeof problem>): PackageProblem => ({
    ...problem(...said),
    path,
  })
  if (title !== undefined && (title.trim() === '' || title.length > 255))
    return wrong('title', 'lesson-title-invalid', 400, 'Give a title of at most 255 characters', {
      limit: 255,
    })
  if (description !== undefined && description.length > 2000)
    return wrong(
      'description',
      'lesson-description-too-long',
      400,
      'Give a description of at most 2000 characters',
      { limit: 2000 },
    )
  if (topic !== undefined && !isTopic(topic))
    return wrong('topic', 'lesson-topic-unknown', 400, 'Choose a topic from the list')
  if (language !== undefined && !isLanguageTag(language))
    return wrong('language', 'lesson-language-invalid', 400, 'Give a language tag such as vi or en')
  if (
    minutes !== undefined &&
    minutes !== null &&
    !(Number.isInteger(minutes) && minutes > 0 && minutes <= MAX_MINUTES)
  )
    return wrong(
      'minutes',
      'lesson-minutes-invalid',
      400,
      `Give the minutes as a whole number from 1 to ${MAX_MINUTES}`,
      { limit: MAX_MINUTES },
    )
  return null
}

/** The lesson with what its author says of it now; `minutes: null` takes the figure away. */
export function withDetails(lesson: Lesson, details: LessonDetails): Lesson {
  const { minutes, title, description, ...others } = details
  const { minutes: before, ...rest } = lesson
  const kept = minutes === undefined ? before : minutes
  return {
    ...rest,
    ...others,
    ...(title !== undefined && { title: title.trim() }),
    ...(description !== undefined && { description: description.trim() }),
    ...(kept !== undefined && kept !== null && { minutes: kept }),
  }
}

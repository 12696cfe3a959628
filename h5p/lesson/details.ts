import { problem } from '../problems.ts'
import {
  AUDIENCES,
  type Draft,
  type DraftChange,
  type LessonDetails,
  type PackageProblem,
  type Topic,
} from '../types.ts'
import { isLicence } from './licence.ts'

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/
const MAX_TITLE = 255
const MAX_DESCRIPTION = 2000
const MAX_MINUTES = 600
const MOST_TOPICS = 5
const MOST_AUTHORS = 20
const MAX_NAME = 200
const MAX_SOURCE = 1000
export const MOST_ATTEMPTS = 20

export function isLanguageTag(tag: string): boolean {
  return LANGUAGE.test(tag)
}

/** What is wrong with what an author says of a lesson; `path` names the detail. */
export function detailProblem(change: DraftChange, offered: readonly Topic[]): PackageProblem | null {
  const { title, description, topics, language, minutes, audience, licence, authors, source } = change
  const wrong = (path: keyof DraftChange, ...said: Parameters<typeof problem>): PackageProblem => ({
    ...problem(...said),
    path,
  })
  if (title !== undefined && (title.trim() === '' || title.length > MAX_TITLE))
    return wrong('title', 'lesson-title-invalid', 400, 'Give a title of at most 255 characters', {
      limit: MAX_TITLE,
    })
  if (description !== undefined && description.length > MAX_DESCRIPTION)
    return wrong(
      'description',
      'lesson-description-too-long',
      400,
      'Give a description of at most 2000 characters',
      { limit: MAX_DESCRIPTION },
    )
  if (topics?.some((topic) => !isOffered(topic, offered)))
    return wrong('topics', 'lesson-topic-unknown', 400, 'Choose topics from the list')
  if (topics && topics.length > MOST_TOPICS)
    return wrong('topics', 'lesson-topics-many', 400, `Choose at most ${MOST_TOPICS} topics`, {
      limit: MOST_TOPICS,
    })
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
  if (audience?.some((each) => !AUDIENCES.includes(each)))
    return wrong('audience', 'lesson-audience-unknown', 400, 'Choose from the list for whom it is')
  if (licence && !isLicence(licence))
    return wrong('licence', 'lesson-licence-unknown', 400, 'Choose a licence from the list')
  if (
    authors &&
    (authors.length > MOST_AUTHORS ||
      authors.some(({ name }) => name.trim() === '' || name.length > MAX_NAME))
  )
    return wrong('authors', 'lesson-authors-invalid', 400, `Name at most ${MOST_AUTHORS} authors`, {
      limit: MOST_AUTHORS,
    })
  if (source && !isWebAddress(source))
    return wrong('source', 'lesson-source-invalid', 400, 'Give the whole address, beginning with https://')
  return ruleProblem(change)
}

function ruleProblem({ completion, mode }: DraftChange): PackageProblem | null {
  const isShare = (percent: number) => Number.isInteger(percent) && percent >= 1 && percent <= 100
  if (completion?.by === 'score' && !isShare(completion.percent))
    return {
      ...problem('lesson-percent-invalid', 400, 'Give the share as a whole number from 1 to 100'),
      path: 'completion',
    }
  if (mode?.kind !== 'assessed') return null
  if (!isShare(mode.passPercent))
    return {
      ...problem('lesson-percent-invalid', 400, 'Give the share as a whole number from 1 to 100'),
      path: 'passPercent',
    }
  if (!(Number.isInteger(mode.attempts) && mode.attempts >= 1 && mode.attempts <= MOST_ATTEMPTS))
    return {
      ...problem('lesson-attempts-invalid', 400, `Allow 1 to ${MOST_ATTEMPTS} attempts`, {
        limit: MOST_ATTEMPTS,
      }),
      path: 'attempts',
    }
  return null
}

const isOffered = (topic: string, offered: readonly Topic[]) => offered.some(({ id }) => id === topic)

function isWebAddress(text: string): boolean {
  return text.length <= MAX_SOURCE && /^https?:\/\//i.test(text) && URL.canParse(text)
}

/** The draft with what its author says of it now; null takes a detail away. */
export function changedDraft(draft: Draft, change: DraftChange): Draft {
  const { completion = draft.completion, mode = draft.mode, anonymous = draft.anonymous, ...said } = change
  return { ...draft, details: changedDetails(draft.details, said), completion, mode, anonymous }
}

/** Members always in one order, so that details that say the same are written the same. */
function changedDetails(before: LessonDetails, said: DraftChange): LessonDetails {
  const now = <K extends 'minutes' | 'licence' | 'source' | 'cover'>(name: K) => {
    const value = said[name] === undefined ? before[name] : said[name]
    return value === null || value === undefined || value === '' ? {} : { [name]: value }
  }
  return {
    title: said.title?.trim() ?? before.title,
    description: said.description?.trim() ?? before.description,
    language: said.language ?? before.language,
    topics: said.topics ? [...new Set(said.topics)] : before.topics,
    audience: said.audience ? AUDIENCES.filter((each) => said.audience!.includes(each)) : before.audience,
    ...now('minutes'),
    ...now('licence'),
    authors: said.authors ?? before.authors,
    ...now('source'),
    ...now('cover'),
  }
}

/** What still has to be said before the draft can be published. */
export function publishProblems({ details }: Draft, offered: readonly Topic[]): PackageProblem[] {
  const found: PackageProblem[] = []
  // One that the operator took off the list meanwhile is none any more.
  if (!details.topics.some((topic) => isOffered(topic, offered)))
    found.push({
      ...problem('lesson-topic-missing', 400, 'Choose a topic before publishing'),
      path: 'topics',
    })
  if (!details.licence)
    found.push({
      ...problem('lesson-licence-missing', 400, 'Choose a licence before publishing'),
      path: 'licence',
    })
  return found
}

import type { PackageProblem } from '../types.ts'
import { htmlOf } from './markdown.ts'
import { complainAt, type Held, questionContent } from './questions.ts'
import type { Source } from './source.ts'
import type { LessonFile, Part, PicturePart, Question } from './types.ts'

/** An H5P image, without what only its file tells. */
export interface Picture {
  path: string
  mime: string
  width: number
  height: number
}

/** Where a picture's file is asked for: by the path that the author wrote, and where it stands in the lesson file. */
export type FindPicture = (path: string, line: number, problems: PackageProblem[]) => Promise<Picture | null>

export interface LessonContent {
  library: string
  params: object
}

/** The H5P content of a checked lesson file. */
export async function lessonContent(
  file: LessonFile,
  source: Source,
  findPicture: FindPicture,
): Promise<LessonContent | { problems: PackageProblem[] }> {
  const problems: PackageProblem[] = []
  const ids = new Map<string, number>()
  const { language } = file
  const said = { language, ...(file.pass && { passPercentage: file.pass }) }

  /** Its id is told in records of learning, so it is there once. */
  function once(held: Held, path: readonly (string | number)[]): Held {
    const line = source.line(path)
    if (ids.has(held.subContentId)) {
      const values = { value: held.subContentId, first: ids.get(held.subContentId)! }
      const message = `the id ${held.subContentId} is there already, on line ${values.first}; give each its own`
      complainAt(source.line, path, problems)('id-twice', message, [], values)
    } else ids.set(held.subContentId, line)
    return held
  }
  const ask = (question: Question, path: readonly (string | number)[]) =>
    once(questionContent(question, complainAt(source.line, path, problems)), path)
  const askAll = (questions: Question[], path: readonly (string | number)[]) =>
    questions.map((question, index) => ask(question, [...path, index]))

  /** A page's parts; texts and pictures that follow each other are one. */
  async function partsOf(parts: Part[], path: readonly (string | number)[]): Promise<Held[]> {
    const found: Held[] = []
    let reading: object[] | null = null
    for (const [index, part] of parts.entries()) {
      const here = [...path, index]
      if ('text' in part || 'picture' in part) {
        const shown = 'text' in part ? { text: htmlOf(part.text) } : await pictureOf(part, here)
        if (reading) reading.push(shown)
        else {
          reading = [shown]
          const id = `t-${path[1]}-${index}`
          found.push({ library: 'SuotDoi.Text 1.0', params: { parts: reading }, subContentId: id })
        }
        continue
      }
      reading = null
      if (!('set' in part)) found.push(ask(part, here))
      else {
        const params = { questions: askAll(part.set, [...here, 'set']) }
        const id = part.id ?? `s-${params.questions[0]?.subContentId}`.slice(0, 32)
        found.push(once({ library: 'SuotDoi.QuestionSet 1.0', params, subContentId: id }, here))
      }
    }
    return found
  }

  async function pictureOf(part: PicturePart, path: readonly (string | number)[]) {
    const picture = await findPicture(part.picture, source.line([...path, 'picture']), problems)
    return {
      ...(picture && { picture }),
      pictureText: part.alt,
      ...(part.caption && { pictureCaption: part.caption }),
    }
  }

  let content: LessonContent
  if (file.pages) {
    const pages: object[] = []
    for (const [index, page] of file.pages.entries())
      pages.push({ title: page.title, content: await partsOf(page.content, ['pages', index, 'content']) })
    content = { library: 'SuotDoi.Lesson 1.0', params: { pages, ...said } }
  } else {
    const questions = askAll(file.questions ?? [], ['questions'])
    content = { library: 'SuotDoi.QuestionSet 1.0', params: { questions, ...said } }
  }
  // Without a question all of them are answered from the start.
  if (ids.size === 0 && problems.length === 0)
    for (const word of ['completion', 'assessed'] as const)
      if (file[word] && !['last-page', 'learner'].includes(String(file[word])))
        complainAt(source.line, [word], problems)('no-question', 'the lesson asks no question', [])
  return problems.length > 0 ? { problems } : content
}

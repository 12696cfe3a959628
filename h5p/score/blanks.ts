import { plainText } from '../bridge/definition.ts'
import { isRecord } from '../bridge/result.ts'
import { answersOf, type Question, unscored } from './question.ts'

/** What stands between asterisks in a text, without markup: `*blue/azure:a colour*`. */
function starred(text: string): string[] {
  return text
    .replace(/<[^<>]*>/g, '')
    .split(/(\*.*?\*)/s)
    .filter((part) => part.length > 2 && part.startsWith('*') && part.endsWith('*'))
    .map((part) => part.slice(1, -1))
}

/** H5P.Blanks: a point for each blank; alternatives are told apart by `/`, a tip stands after the first colon. */
export function blanks(id: string, library: string, parameters: Record<string, unknown>): Question {
  const behaviour = isRecord(parameters.behaviour) ? parameters.behaviour : {}
  const texts = Array.isArray(parameters.questions) ? parameters.questions : []
  if (!texts.every((text) => typeof text === 'string')) return unscored(id, library)
  const fold = (text: string) => (behaviour.caseSensitive === false ? text.toLowerCase() : text)
  const accepted = texts.flatMap(starred).map((solution) =>
    solution
      .split(':')[0]!
      .split('/')
      .map((text) => fold(plainText(text))),
  )
  return {
    id,
    library,
    max: accepted.length,
    score(response) {
      const answers = answersOf(response)
      if (answers.length !== accepted.length) return null
      const right = answers.filter((answer, at) => accepted[at]!.includes(fold(answer.trim()))).length
      // How much of a misspelling is let through differs from one version of the type to the next.
      return behaviour.acceptSpellingErrors === true && right < accepted.length ? null : right
    },
  }
}

/** H5P.DragText: a point for each word in its place. Tips and feedback stand behind `:`, `\+` and `\-`. */
export function dragText(id: string, library: string, parameters: Record<string, unknown>): Question {
  if (typeof parameters.textField !== 'string') return unscored(id, library)
  const words = starred(parameters.textField).map((word) => plainText(word.split(/:|\\[+-]/)[0]))
  return {
    id,
    library,
    max: words.length,
    score(response) {
      const answers = answersOf(response)
      if (answers.length !== words.length) return null
      return answers.filter((answer, at) => plainText(answer) === words[at]).length
    },
  }
}

import { plainText } from '../bridge/definition.ts'
import { isRecord } from '../bridge/result.ts'
import { answersOf, chosenOf, type Question, unscored } from './question.ts'

/** The rules of our own types; the scripts in `libraries/` show the same verdicts while one practises. */

type Read = (id: string, library: string, parameters: Record<string, unknown>) => Question

export const machineName = (library: string): string => library.split(/[ -]/)[0]!

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g

/** A text as answers are compared: hòa and hoà are one word, spaces do not count, nor capitals unless asked for. */
function compared(text: string, caseSensitive: boolean): string {
  const words = text.normalize('NFD').trim().split(/\s+/)
  const placed = words.map((word) => word.replace(TONES, '') + (word.match(TONES) ?? []).join('')).join(' ')
  return caseSensitive ? placed : placed.toLocaleLowerCase('vi')
}

const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : []

const texts = (parameters: Record<string, unknown>) => ({
  text: plainText(parameters.question),
  explanation: plainText(parameters.explanation),
})
const named = (list: Record<string, unknown>[]) =>
  list.map(({ id, text }) => ({ id: String(id), text: plainText(text) }))

/** A point when all that is right is chosen, and nothing else. */
const multiChoice: Read = (id, library, parameters) => {
  const all = listOf(parameters.choices)
  const ids = new Set(all.map((choice) => String(choice.id)))
  const right = all.filter(({ correct }) => correct === true)
  const rightIds = new Set(right.map((choice) => String(choice.id)))
  if (right.length === 0 || ids.size !== all.length) return unscored(id, library)
  return {
    id,
    library,
    max: 1,
    asks: {
      ...texts(parameters),
      interactionType: 'choice',
      choices: named(all),
      patterns: [[...rightIds].join('[,]')],
      right: named(right)
        .map(({ text }) => text)
        .join('; '),
      feedback: (response) =>
        all
          .filter((choice) => answersOf(response).includes(String(choice.id)))
          .map(({ feedback }) => plainText(feedback))
          .filter(Boolean),
    },
    score(response) {
      const chosen = chosenOf(response, ids)
      return chosen && (chosen.size === rightIds.size && chosen.isSubsetOf(rightIds) ? 1 : 0)
    },
  }
}

const BOTH = new Set(['true', 'false'])
const trueFalse: Read = (id, library, parameters) => {
  const right = parameters.correct === 'true' ? 'true' : 'false'
  return {
    id,
    library,
    max: 1,
    asks: {
      ...texts(parameters),
      interactionType: 'true-false',
      patterns: [right],
      right,
      feedback: () => [],
    },
    score(response) {
      const chosen = chosenOf(response, BOTH)
      return chosen && (response === right ? 1 : 0)
    },
  }
}

/** Every way to fill in the gaps rightly is a pattern; more than these are not told. */
const MOST_PATTERNS = 50

/** A point for each gap. */
const blanks: Read = (id, library, parameters) => {
  const caseSensitive = parameters.caseSensitive === true
  const accepted = listOf(parameters.blanks).map(({ answers }) =>
    (Array.isArray(answers) ? answers : []).map(String),
  )
  let patterns: string[][] = [[]]
  for (const answers of accepted)
    patterns = patterns
      .flatMap((begun) => answers.map((answer) => [...begun, answer]))
      .slice(0, MOST_PATTERNS)
  const gaps = accepted.map((answers) => answers.map((answer) => compared(answer, caseSensitive)))
  return {
    id,
    library,
    max: gaps.length,
    asks: {
      text: [
        plainText(parameters.question),
        plainText(parameters.text).replace(/\[\[[a-z0-9-]+\]\]/g, '____'),
      ]
        .filter(Boolean)
        .join(' '),
      explanation: plainText(parameters.explanation),
      interactionType: 'fill-in',
      patterns: patterns.map((answers) => `{case_matters=${caseSensitive}}${answers.join('[,]')}`),
      right: accepted.map(([first = '']) => first).join('; '),
      feedback: () => [],
    },
    score(response) {
      const answers = answersOf(response)
      if (answers.length > gaps.length) return null
      return answers.filter((answer, at) => gaps[at]!.includes(compared(answer, caseSensitive))).length
    },
  }
}

/** A point for the whole order. */
const ordering: Read = (id, library, parameters) => {
  const items = named(listOf(parameters.items))
  const right = items.map((item) => item.id)
  return {
    id,
    library,
    max: 1,
    asks: {
      ...texts(parameters),
      interactionType: 'sequencing',
      choices: items,
      patterns: [right.join('[,]')],
      right: items.map(({ text }) => text).join(' → '),
      feedback: () => [],
    },
    score: (response) => chosenOf(response, new Set(right)) && (response === right.join('[,]') ? 1 : 0),
  }
}

export const OWN_QUESTIONS: Readonly<Record<string, Read>> = {
  'SuotDoi.MultiChoice': multiChoice,
  'SuotDoi.TrueFalse': trueFalse,
  'SuotDoi.Blanks': blanks,
  'SuotDoi.Ordering': ordering,
}

import { createHash } from 'node:crypto'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'
import { htmlOf } from './markdown.ts'
import type { Answer, Question } from './types.ts'

/** What a container holds, in H5P's form. */
export interface Held {
  library: string
  params: Record<string, unknown>
  subContentId: string
}

type Complain = (id: string, message: string, path: readonly (string | number)[], values?: object) => void
const GAP = /\[\[([^[\]]+)\]\]/g
const LETTERS = 'abcdefghij'

/**
 * The content of one question. `complain` is told what no schema can say: no right answer, two of one id, no gap. The
 * ids of choices are letters; an order's do not tell the places, because they are the answer.
 */
export function questionContent(question: Question, complain: Complain): Held {
  const explanation = question.explanation && { explanation: htmlOf(question.explanation) }
  const held = (type: string, text: string, params: Record<string, unknown>): Held => ({
    library: `SuotDoi.${type} 1.0`,
    params: { ...params, ...explanation },
    subContentId: question.id ?? shortId(type, text),
  })
  if ('choice' in question || 'several' in question) {
    const several = 'several' in question
    const text = several ? question.several : question.choice
    checkRight(question.answers, several, complain)
    return held('MultiChoice', text, {
      question: htmlOf(text),
      choices: choicesOf(question.answers, complain),
      ...(several && { several }),
      ...(question.shuffle && { shuffle: true }),
    })
  }
  if ('true-false' in question) {
    const text = question['true-false']
    return held('TrueFalse', text, { question: htmlOf(text), correct: String(question.right) })
  }
  if ('gaps' in question) {
    const { text, blanks } = gapsOf(question.gaps)
    if (blanks.length === 0) complain('no-gap', 'the text has no gap, [[like this]]', ['gaps'])
    return held('Blanks', question.gaps, {
      ...(question.task && { question: htmlOf(question.task) }),
      text: htmlOf(text),
      blanks,
      ...(question.capitals && { caseSensitive: true }),
    })
  }
  const byHash = (text: string) => createHash('sha256').update(text).digest('hex')
  const sorted = [...question.items].sort((a, b) => (byHash(a) < byHash(b) ? -1 : 1))
  if (new Set(sorted).size < sorted.length) complain('same', 'two things of an order are the same', ['items'])
  const items = question.items.map((text) => ({ id: LETTERS[sorted.indexOf(text)], text }))
  return held('Ordering', question.order, { question: htmlOf(question.order), items })
}

function checkRight(answers: readonly Answer[], several: boolean, complain: Complain): void {
  const right = answers.filter((answer) => answer.right).length
  if (right === 0) complain('no-right', 'no answer has right: true', ['answers'])
  else if (!several && right > 1)
    complain('many-right', 'more than one answer has right: true; write several in place of choice', [
      'answers',
    ])
}

function choicesOf(answers: readonly Answer[], complain: Complain) {
  const choices = answers.map(({ text, right, feedback, id }, index) => ({
    id: id ?? LETTERS[index]!,
    text,
    correct: right === true,
    ...(feedback && { feedback }),
  }))
  const again = choices.findIndex(({ id }, index) => choices.findIndex((each) => each.id === id) < index)
  if (again >= 0)
    complain('id-twice', `the id ${choices[again]!.id} is there twice`, ['answers', again], {
      value: choices[again]!.id,
    })
  return choices
}

/** The text with a mark in place of each gap, and the gaps: `[[answer | another ? hint]]`. */
function gapsOf(text: string) {
  const blanks: { id: string; answers: string[]; hint?: string }[] = []
  const marked = text.replace(GAP, (all, inner: string) => {
    const [given = '', hint] = inner.split(/\s\?\s/)
    const answers = given
      .split('|')
      .map((each) => each.trim())
      .filter(Boolean)
    if (answers.length === 0) return all
    blanks.push({ id: String(blanks.length + 1), answers, ...(hint?.trim() && { hint: hint.trim() }) })
    return `[[${blanks.length}]]`
  })
  return { text: marked, blanks }
}

/** An id that stays as long as the question's own words do. */
function shortId(type: string, text: string): string {
  return `q-${createHash('sha256').update(`${type}\n${text.trim()}`).digest('hex').slice(0, 8)}`
}

/** Says where in the file something is wrong. */
export function complainAt(
  line: (path: readonly (string | number)[]) => number,
  base: readonly (string | number)[],
  problems: PackageProblem[],
): Complain {
  return (id, message, path, values = {}) => {
    const at = line([...base, ...path])
    problems.push(problem(`lesson-file-${id}`, 400, `Line ${at}: ${message}`, { line: at, ...values }))
  }
}

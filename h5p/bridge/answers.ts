import type { Question } from '../score/question.ts'
import type { Questions } from '../score/questions.ts'
import { actorOf, contextOf, type Told } from './context.ts'
import { idWithin } from './ids.ts'
import { ADL, ASSESSED, VERBS } from './names.ts'
import { iriOf } from './object.ts'

/** Answers of an assessed attempt, in the ids of the content. */
export interface Submission {
  /** Digest of what was sent. */
  hash: string
  at: number
  /** Responses by question. */
  answers: Record<string, string>
}

/** A statement for each question of an assessed attempt: the learner's response, and the server's verdict. */
export function answerStatements(
  { at, answers }: Submission,
  { all }: Questions,
  told: Told,
): Record<string, unknown>[] {
  return [...all.values()].flatMap((question) => {
    const response = answers[question.id]
    return response === undefined ? [] : [answerOf(question, response, at, told)]
  })
}

function answerOf(question: Question, response: string, at: number, told: Told): Record<string, unknown> {
  const { id, library, max, asks } = question
  const iri = `${ADL}answered`
  const points = question.score(response) ?? 0
  return {
    id: idWithin(told.attempt, `answer/${id}`),
    actor: actorOf(told),
    verb: { id: iri, display: { ...VERBS[iri]! } },
    object: {
      objectType: 'Activity',
      id: iriOf(told.lessonIri, id),
      ...(asks && { definition: definitionOf(asks, told.language) }),
    },
    result: {
      ...(response !== '' && { response }),
      completion: true,
      success: points === max,
      ...(max !== null && max > 0 && { score: { raw: points, min: 0, max, scaled: points / max } }),
    },
    timestamp: new Date(at).toISOString(),
    context: contextOf(told, {
      part: id,
      parents: [null],
      categories: [`http://h5p.org/libraries/${library}-1.0`, ASSESSED],
      extensions: {},
    }),
  }
}

/** What is asked, as the content says it. */
export function definitionOf(asks: NonNullable<Question['asks']>, language: string): Record<string, unknown> {
  const inLanguage = (text: string) => ({ [language]: text })
  return {
    type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
    interactionType: asks.interactionType,
    ...(asks.text !== '' && { name: inLanguage(asks.text), description: inLanguage(asks.text) }),
    ...(asks.choices && {
      choices: asks.choices.map(({ id, text }) => ({
        id,
        ...(text !== '' && { description: inLanguage(text) }),
      })),
    }),
    ...(asks.patterns.length > 0 && { correctResponsesPattern: asks.patterns }),
  }
}

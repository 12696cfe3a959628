import { isRecord } from '../bridge/result.ts'
import { chosenOf, type Question, unscored } from './question.ts'

/**
 * H5P.MultiChoice: a right choice adds a point, a wrong one takes one, none below zero; as one point where the author
 * says so, given when the share reaches `passPercentage`. Ids are places in the author's own order.
 */
export function multiChoice(id: string, library: string, parameters: Record<string, unknown>): Question {
  const answers = Array.isArray(parameters.answers) ? parameters.answers : []
  if (answers.length === 0 || !answers.every(isRecord)) return unscored(id, library)
  // Weights are of no form of the editor; what they would do beside a single point is not written down.
  if (parameters.weight !== undefined || answers.some(({ weight }) => weight !== undefined))
    return unscored(id, library)
  const behaviour = isRecord(parameters.behaviour) ? parameters.behaviour : {}
  const right = new Set(answers.flatMap(({ correct }, at) => (correct === true ? [String(at)] : [])))
  const kind = behaviour.type ?? 'auto'
  const single = kind === 'auto' ? right.size === 1 : kind === 'single'
  const onePoint = behaviour.singlePoint !== false
  const most = Math.max(right.size, 1)
  const pass = typeof behaviour.passPercentage === 'number' ? behaviour.passPercentage : 100
  const ids = new Set(answers.keys().map(String))
  return {
    id,
    library,
    max: single || onePoint ? 1 : most,
    score(response) {
      const chosen = chosenOf(response, ids)
      if (!chosen) return null
      const hits = chosen.intersection(right).size
      const points = right.size === 0 ? (chosen.size === 0 ? 1 : 0) : Math.max(0, 2 * hits - chosen.size)
      return onePoint ? ((100 * points) / most >= pass ? 1 : 0) : Math.min(points, single ? 1 : most)
    },
  }
}

/** H5P.TrueFalse. */
export function trueFalse(id: string, library: string, parameters: Record<string, unknown>): Question {
  const { correct } = parameters
  if (correct !== 'true' && correct !== 'false') return unscored(id, library)
  return {
    id,
    library,
    max: 1,
    score: (response) =>
      response === 'true' || response === 'false' ? (response === correct ? 1 : 0) : null,
  }
}

/** The questions of H5P.SingleChoiceSet: the first answer is the right one; they are shown in another order. */
export function singleChoices(library: string, parameters: Record<string, unknown>): Question[] {
  const choices = Array.isArray(parameters.choices) ? parameters.choices : []
  return choices.flatMap((choice): Question[] => {
    if (!isRecord(choice) || typeof choice.subContentId !== 'string' || !Array.isArray(choice.answers))
      return []
    const ids = new Set(choice.answers.keys().map(String))
    return [
      {
        id: choice.subContentId,
        library,
        max: 1,
        score: (response) => (ids.has(response) ? (response === '0' ? 1 : 0) : null),
      },
    ]
  })
}

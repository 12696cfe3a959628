import { createHmac } from 'node:crypto'
import { isRecord } from '../bridge/result.ts'
import { OWN_TYPES } from '../own-types.ts'
import type { Mode } from '../types.ts'
import { machineName } from './own.ts'
import { ONLY, type Question } from './question.ts'

/**
 * Parameters as a learner's page gets them. To practise: as they are. Assessed: without answers and feedback, with choices
 * in an order of the attempt's own (the same each time it is loaded) and under ids that tell nothing of what an author
 * called them; `assessed: true` says so to the type. `library` is the main one, `SuotDoi.Lesson 1.0`; `seed` a secret of
 * the attempt, that the page never sees.
 */
export function forLearner(
  library: string,
  parameters: unknown,
  { seed, mode }: { seed?: string; mode: Mode },
): unknown {
  if (mode.kind !== 'assessed') return parameters
  if (!seed) throw new Error('An assessed attempt has a seed')
  const shown = withoutAnswers(machineName(library), structuredClone(parameters), {
    seed,
    shuffle: mode.shuffle,
    question: ONLY,
  })
  return isRecord(shown) ? { ...shown, assessed: true } : {}
}

/** A response in the author's own ids (`choices` of the question); what is no id of it becomes one that is none. */
export function originalResponse(
  { id, asks }: Pick<Question, 'id' | 'asks'>,
  seed: string,
  response: string,
): string {
  if (!asks?.choices || response === '') return response
  const byAlias = new Map(asks.choices.map((choice) => [alias(seed, id, choice.id), choice.id]))
  return response
    .split('[,]')
    .map((id) => byAlias.get(id) ?? `?${id}`)
    .join('[,]')
}

interface Cover {
  seed: string
  shuffle: boolean
  /** Sub-content id. */
  question: string
}

/** The response as the page of the attempt knows it. */
export function aliasedResponse(
  { id, asks }: Pick<Question, 'id' | 'asks'>,
  seed: string,
  response: string,
): string {
  if (!asks?.choices || response === '') return response
  return response
    .split('[,]')
    .map((choice) => alias(seed, id, choice))
    .join('[,]')
}

/** A type that is not known here shows nothing: what it would give away cannot be told. */
function withoutAnswers(name: string, given: unknown, cover: Cover): unknown {
  if (!isRecord(given) || !Object.hasOwn(OWN_TYPES, name)) return {}
  const { hidden, shuffled, holds = [] } = OWN_TYPES[name]!
  for (const path of hidden) remove(given, path.split('.'))
  const list = shuffled ? given[shuffled] : undefined
  if (shuffled && Array.isArray(list)) {
    const named = list
      .filter(isRecord)
      .map((item) => ({ ...item, id: alias(cover.seed, cover.question, String(item.id)) }))
    // Under their aliases things stand in a chance order. That of `items` is the answer, whatever the author wants.
    const mixed = named.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    // Things that came in the right order could not be answered: an answer is that something was moved.
    const isRight = shuffled === 'items' && mixed.every((item, at) => item === named[at])
    given[shuffled] = cover.shuffle || shuffled === 'items' ? (isRight ? mixed.reverse() : mixed) : named
  }
  for (const path of holds)
    each(given, path.split('.'), (part) => {
      if (isRecord(part) && typeof part.library === 'string')
        part.params = withoutAnswers(machineName(part.library), part.params, {
          ...cover,
          question: String(part.subContentId),
        })
    })
  return given
}

/** Calls with each value at a path; `name[]` stands for every entry of a list. */
function each(value: unknown, [name, ...rest]: readonly string[], found: (value: unknown) => void): void {
  if (name === undefined) found(value)
  if (name === undefined || !isRecord(value)) return
  const inside = value[name.replace('[]', '')]
  for (const one of name.endsWith('[]') ? (Array.isArray(inside) ? inside : []) : [inside])
    each(one, rest, found)
}

function remove(value: unknown, path: readonly string[]): void {
  const last = path.at(-1)!
  each(value, path.slice(0, -1), (holder) => {
    if (isRecord(holder)) delete holder[last]
  })
}

function alias(seed: string, question: string, id: string): string {
  return createHmac('sha256', seed).update(`${question}\n${id}`).digest('hex').slice(0, 12)
}

/** Rules that compare values with each other, which JSON Schema cannot say. Tolerates any shape: the schema tells that. */
import type { Problem } from '../problem.ts'
import { problem } from './problems.ts'
import type { Version } from './types.ts'

export function statementRules(value: unknown, version: Version, path: string): Problem[] {
  const problems: Problem[] = []
  const statement = record(value)
  if (!statement) return problems
  const own = statement.version
  const contextAgents = version === '2.0.0' && !(typeof own === 'string' && own.startsWith('1.0'))
  body(statement, path)
  const object = record(statement.object)
  if (object?.objectType === 'SubStatement') body(object, `${path}.object`)
  return problems

  function body(part: Record<string, unknown>, at: string): void {
    score(record(record(part.result)?.score), `${at}.result.score`)
    activity(part.object, `${at}.object`)
    const context = record(part.context)
    if (!context) return
    // A statement that calls itself 1.0.x has no properties of 2.0, whatever the request's header says.
    if (!contextAgents && version === '2.0.0') {
      for (const name of ['contextAgents', 'contextGroups']) {
        if (Object.hasOwn(context, name)) {
          problems.push(problem('context-agents-version', version, `${at}.context.${name}`))
        }
      }
    }
    for (const [name, listed] of Object.entries(record(context.contextActivities) ?? {})) {
      const place = `${at}.context.contextActivities.${name}`
      if (Array.isArray(listed)) {
        for (const [index, each] of listed.entries()) activity(each, `${place}[${index}]`)
      } else activity(listed, place)
    }
  }

  /** 1.0.3 Data 2.4.5.1: min is below max, raw is within them. */
  function score(given: Record<string, unknown> | undefined, at: string): void {
    if (!given) return
    const { raw, min, max } = given
    if (typeof min === 'number' && typeof max === 'number' && min >= max) {
      problems.push(problem('score-min', version, `${at}.min`))
    }
    if (typeof raw !== 'number') return
    if ((typeof min === 'number' && raw < min) || (typeof max === 'number' && raw > max)) {
      problems.push(problem('score-raw', version, `${at}.raw`))
    }
  }

  /** 1.0.3 Data 2.4.4.1: ids are distinct within a list of interaction components. */
  function activity(given: unknown, at: string): void {
    const definition = record(record(given)?.definition)
    if (!definition) return
    for (const list of ['choices', 'scale', 'source', 'target', 'steps']) {
      const components = definition[list]
      if (!Array.isArray(components)) continue
      const seen = new Set<unknown>()
      for (const [index, component] of components.entries()) {
        const id = record(component)?.id
        if (typeof id !== 'string') continue
        if (seen.has(id)) {
          problems.push(problem('component-id-repeated', version, `${at}.definition.${list}[${index}].id`))
        }
        seen.add(id)
      }
    }
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

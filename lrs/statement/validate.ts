/** Whether a statement follows the specification: its schema, and the few rules that a schema cannot say. */
import type { Problem } from '../problem.ts'
import { rulesOf } from '../versions/rules.ts'
import { MAX_FORMATTED } from './formats.ts'
import { joinPath } from './json-path.ts'
import { PROBLEMS, type ProblemId, problem } from './problems.ts'
import { conforms, type SchemaError, schemaErrors } from './schemas.ts'
import type { Version } from './types.ts'
import { statementRules } from './validate-rules.ts'

/** A larger statement is told only the first thing that is wrong: a list of all could be larger than itself. */
const MAX_EXPLAINED = 32 * 1024
/** To put an error into words takes ten times as long as to find it. */
const MAX_WORDED = 1_000

/**
 * All problems of one statement, none when it is valid. `path` is where it stands in the request (`statements[3]`),
 * `size` the length of its text.
 */
export function validateStatement(value: unknown, version: Version, path: string, size: number): Problem[] {
  const { statementSchema } = rulesOf(version)
  const problems = conforms(statementSchema, value)
    ? []
    : explain(schemaErrors(statementSchema, value, size <= MAX_EXPLAINED).slice(0, MAX_WORDED), version, path)
  return distinct([...problems, ...statementRules(value, version, path)])
}

/** All problems of an Agent or Group that stands alone, as in the parameter `agent`. */
export function validateActor(value: unknown, version: Version, path: string): Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [problem('statement-actor', version, path)]
  }
  const errors = schemaErrors('urn:suotdoi:xapi:parts#/$defs/actor', value, true)
  return distinct(explain(errors, version, path))
}

function explain(errors: readonly SchemaError[], version: Version, base: string): Problem[] {
  const problems: Problem[] = []
  // Of a value of the wrong type nothing more is told.
  const wrongType = new Set(errors.filter(isTypeError).map(({ instancePath }) => instancePath))
  for (const error of errors) {
    if (wrongType.has(error.instancePath) && !isTypeError(error)) continue
    if (NOT_TOLD.has(error.keyword) || /\/(?:oneOf|anyOf)\/\d+\//.test(error.schemaPath)) continue
    const path = base + pathOf(error)
    problems.push(
      error.keyword === 'type' && error.data === null
        ? problem('value-null', version, path)
        : problem(problemId(error), version, path, tooLong(error)),
    )
  }
  // Whatever the schema refuses is refused, told well or not.
  return problems.length > 0 || errors.length === 0 ? problems : [problem('statement-shape', version, base)]
}

/** Errors of these keywords only repeat the ones below them. */
const NOT_TOLD = new Set(['if', 'propertyNames'])

function tooLong({ keyword, data, propertyName }: SchemaError): string {
  const text: unknown = propertyName ?? data
  const isFormat = keyword === 'format' || keyword === 'pattern'
  return isFormat && typeof text === 'string' && text.length > MAX_FORMATTED
    ? `It may have ${MAX_FORMATTED} characters at most.`
    : ''
}

function isTypeError({ keyword }: SchemaError): boolean {
  return keyword === 'type'
}

function problemId(error: SchemaError): ProblemId {
  const named: unknown = error.parentSchema?.problem
  const byKeyword = isRecord(named) ? named[error.keyword] : named
  const missing: unknown = error.params.missingProperty
  const id = isRecord(byKeyword) && typeof missing === 'string' ? byKeyword[missing] : byKeyword
  if (typeof id === 'string' && id in PROBLEMS) return id as ProblemId
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys((error.parentSchema?.properties as object) ?? {})
    const unknown = String(error.params.additionalProperty).toLowerCase()
    return known.some((name) => name.toLowerCase() === unknown) ? 'property-case' : 'property-unknown'
  }
  return 'statement-shape'
}

function pathOf(error: SchemaError): string {
  let path = ''
  for (const part of error.instancePath.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path = /^\d+$/.test(name) ? `${path}[${name}]` : extend(path, name)
  }
  const last = error.params.missingProperty ?? error.params.additionalProperty ?? error.propertyName
  return typeof last === 'string' ? extend(path, last) : path
}

/** As joinPath, for a path that goes on behind another. */
function extend(path: string, name: string): string {
  const joined = joinPath('', name)
  return joined.startsWith('[') ? `${path}${joined}` : `${path}.${joined}`
}

function distinct(problems: readonly Problem[]): Problem[] {
  if (problems.length < 2) return [...problems]
  const seen = new Set<string>()
  return problems.filter(({ id, path }) => {
    const key = `${id} ${path}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

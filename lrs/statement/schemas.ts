/**
 * The JSON Schemas of schemas/xapi as functions, compiled when they are first needed. Measured on two busy cores: the
 * first statement of a version costs 90 ms of processor time once (the second version 50 ms); code generated ahead of
 * time, 370 kB for each of the two ways below, 55 ms. So nothing is generated, and nothing can fall behind its schema.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import parts from '../../schemas/xapi/parts.json' with { type: 'json' }
import statement1 from '../../schemas/xapi/statement-1.0.3.json' with { type: 'json' }
import statement2 from '../../schemas/xapi/statement-2.0.0.json' with { type: 'json' }
import { isDuration, isInstant, isIri, isUri, isUuid, MAX_FORMATTED, parseTimestamp } from './formats.ts'

export type SchemaError = ErrorObject
type Validate = ValidateFunction<unknown>

/** Stops at the first error: the quick answer for what is valid, and for what is too large to be told everything. */
const first = validators(false)
/** Finds every error, with the schema beside it. */
const every = validators(true)

/** Whether the value conforms; `$id` of the schema, with a JSON pointer for a part of it. */
export function conforms(schema: string, value: unknown): boolean {
  return first(schema)(value)
}

/** What is wrong with the value: all of it, or only the first thing that was found. */
export function schemaErrors(schema: string, value: unknown, all: boolean): SchemaError[] {
  const validate = all ? every(schema) : first(schema)
  return validate(value) ? [] : (validate.errors ?? [])
}

function validators(allErrors: boolean): (schema: string) => Validate {
  let ajv: Ajv2020 | undefined
  const compiled = new Map<string, Validate>()
  return (schema) => {
    const known = compiled.get(schema)
    if (known) return known
    ajv ??= create(allErrors)
    const made = ajv.getSchema(schema)
    if (!made) throw new Error(`no schema ${schema}`)
    compiled.set(schema, made)
    return made
  }
}

function create(allErrors: boolean): Ajv2020 {
  return new Ajv2020({
    allErrors,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    // The schemas are ours and a test validates them: the meta-schema would take as long to compile as they do.
    meta: false,
    validateSchema: false,
    keywords: ['problem'],
    schemas: [parts, statement1, statement2],
    code: { regExp: Object.assign(boundedPattern, { code: 'boundedPattern' }) },
    formats: {
      iri: isIri,
      uri: isUri,
      uuid: isUuid,
      duration: isDuration,
      'date-time': isInstant,
      'iso-8601-date-time': (value: string) => parseTimestamp(value) !== null,
    },
  })
}

/** As for formats: no pattern is matched with a text of megabytes. */
function boundedPattern(source: string, flags: string) {
  const pattern = new RegExp(source, flags)
  return {
    test: (value: string) => value.length <= MAX_FORMATTED && pattern.test(value),
    // Ajv tells patterns apart by this.
    toString: () => pattern.toString(),
  }
}

import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import schema from '../../schemas/lesson.json' with { type: 'json' }
import { problem } from '../problems.ts'
import type { PackageProblem, Topic } from '../types.ts'
import type { Source } from './source.ts'
import type { LessonFile } from './types.ts'

const MOST_PROBLEMS = 50
let validate: ReturnType<Ajv2020['compile']> | undefined

/** Checks a lesson file against its schema, and its topics; each problem names its line. */
export function checkShape(
  source: Source,
  topics: readonly Topic[],
): LessonFile | { problems: PackageProblem[] } {
  // The schema is ours and a test validates it.
  validate ??= new Ajv2020({ allErrors: true, verbose: true, meta: false, validateSchema: false }).compile(
    schema,
  )
  const valid = validate(source.value)
  const found = [
    ...(valid ? [] : (validate.errors ?? []).flatMap((error) => told(error, source))),
    ...unknownTopics(source, topics),
  ]
  if (found.length === 0) return source.value as LessonFile
  const once = new Map(found.map((each) => [JSON.stringify([each.id, each.values]), each]))
  const inOrder = [...once.values()].sort((a, b) => Number(a.values?.line) - Number(b.values?.line))
  return { problems: inOrder.slice(0, MOST_PROBLEMS) }
}

/** Topics of the file that the list does not have. */
function unknownTopics(source: Source, topics: readonly Topic[]): PackageProblem[] {
  const named = (source.value as { topics?: unknown } | null)?.topics
  return (Array.isArray(named) ? named : []).flatMap((topic, index) => {
    if (typeof topic !== 'string' || topicIri(topic, topics)) return []
    const line = source.line(['topics', index])
    const allowed = topics.map(({ id }) => slug(id)).join(', ')
    return [
      problem('lesson-file-topic', 400, `Line ${line}: there is no topic "${topic}"`, {
        line,
        value: topic,
        allowed,
      }),
    ]
  })
}

/** The IRI of a topic that a lesson file names by the end of its IRI, or by all of it. */
export function topicIri(name: string, topics: readonly Topic[]): string | undefined {
  return topics.find(({ id }) => id === name || slug(id) === name)?.id
}

const slug = (iri: string) => iri.slice(iri.lastIndexOf('/') + 1)

/** What the schema says, in a few kinds of sentences. */
function told(error: ErrorObject, source: Source): PackageProblem[] {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const line = source.line(path)
  const field = path.findLast((step) => !/^\d+$/.test(step)) ?? ''
  const params = error.params as Record<string, unknown>
  const say = (id: string, message: string, values: Record<string, string | number>) => [
    problem(`lesson-file-${id}`, 400, `Line ${values.line ?? line}: ${message}`, { line, ...values }),
  ]
  switch (error.keyword) {
    // They only frame what other errors tell.
    case 'if':
      return []
    case 'anyOf':
      return say('empty', 'give pages or questions', {})
    case 'false schema':
      return say('kind', `this is none of ${KINDS}`, { allowed: KINDS })
    case 'required': {
      const missing = String(params.missingProperty)
      if (missing === 'pages' || missing === 'questions') return []
      return say('missing', `"${missing}" is missing here`, { field: missing })
    }
    case 'additionalProperties': {
      const word = String(params.additionalProperty)
      const allowed = Object.keys((error.parentSchema as { properties?: object }).properties ?? {}).join(', ')
      const at = source.line([...path, word])
      return say('unknown', `"${word}" is not known here; known are ${allowed}`, {
        line: at,
        field: word,
        allowed,
      })
    }
    case 'type':
      return say('type', `"${field}" must be ${params.type}`, { field, type: String(params.type) })
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).join(', ')
      return say('value', `"${field}" must be one of ${allowed}`, { field, allowed })
    }
    case 'minItems':
    case 'maxItems':
    case 'minLength':
    case 'maxLength':
    case 'minimum':
    case 'maximum':
      return say('size', `"${field}" ${error.message}`, {
        field,
        bound: /^min/.test(error.keyword) ? 'least' : 'most',
        limit: Number(params.limit),
        of: /Items/.test(error.keyword) ? 'entries' : /Length/.test(error.keyword) ? 'characters' : 'number',
      })
    default:
      return say('form', `"${field}" is not written as it must be`, { field })
  }
}
const KINDS = 'text, picture, choice, several, true-false, gaps, order, set'

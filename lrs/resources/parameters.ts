import { type Problem, type Refusal, refuse } from '../problem.ts'
import { isIri, isUuid, parseTimestamp } from '../statement/formats.ts'
import type { Version } from '../statement/types.ts'
import { readAgent } from './agent-parameter.ts'
import type { XapiRequest } from './request.ts'

/** What a parameter can be, and what it reads as: `agent` as an agent key, `timestamp` as milliseconds. */
interface Types {
  string: string
  iri: string
  uuid: string
  agent: string
  timestamp: number
  boolean: boolean
  count: number
}
type Type = keyof Types
/** `!` marks a parameter that must be there. */
type Declared = Readonly<Record<string, Type | `${Type}!`>>
type Read<D extends Declared> = {
  [N in keyof D as D[N] extends `${Type}!` ? N : never]: D[N] extends `${infer T extends Type}!`
    ? Types[T]
    : never
} & {
  [N in keyof D as D[N] extends Type ? N : never]?: D[N] extends Type ? Types[D[N]] : never
}

/**
 * Reads the parameters an endpoint knows. Unknown ones and names in the wrong case are refused (1.0.3 Communication 3.2,
 * 2.0 4.1.5), with all other problems at once.
 */
export function readParameters<const D extends Declared>(
  { query, version }: Pick<XapiRequest, 'query' | 'version'>,
  declared: D,
): { ok: true; values: Read<D> } | Refusal {
  const problems: Problem[] = []
  const values: Record<string, unknown> = {}
  for (const name of query.keys()) if (!Object.hasOwn(declared, name)) problems.push(unknown(name, declared))
  for (const [name, type] of Object.entries(declared)) {
    const text = query.get(name)
    const required = type.endsWith('!')
    if (text === undefined) {
      if (required) problems.push(missing(name))
      continue
    }
    const read = READERS[(required ? type.slice(0, -1) : type) as Type](text, version, `parameter ${name}`)
    if ('value' in read) values[name] = read.value
    else if ('problems' in read) problems.push(...read.problems)
    else problems.push(malformed(name, read.expected))
  }
  const [first, ...others] = problems
  return first ? refuse(first, ...others) : { ok: true, values: values as Read<D> }
}

type Reader = (
  text: string,
  version: Version,
  path: string,
) => { value: unknown } | { expected: string } | { problems: Problem[] }

const READERS: Record<Type, Reader> = {
  string: (text) => (text === '' ? { expected: 'a string that is not empty' } : { value: text }),
  iri: (text) => (isIri(text) ? { value: text } : { expected: 'an absolute IRI, with its scheme' }),
  uuid: (text) =>
    isUuid(text) ? { value: text.toLowerCase() } : { expected: 'a UUID in its standard form' },
  agent: readAgent,
  timestamp(text) {
    const read = parseTimestamp(text)
    if (!read) return { expected: 'an ISO 8601 time such as 2026-01-31T08:00:00Z ("+" is %2B in a URL)' }
    return { value: read.seconds * 1000 + Number(read.fraction.slice(0, 3).padEnd(3, '0')) }
  },
  boolean: (text) =>
    text === 'true' || text === 'false' ? { value: text === 'true' } : { expected: 'true or false' },
  count: (text) =>
    /^\d{1,9}$/.test(text) ? { value: Number(text) } : { expected: 'a whole number, 0 or more' },
}

function unknown(name: string, declared: Declared): Problem {
  const known = Object.keys(declared)
  const other = known.find((one) => one.toLowerCase() === name.toLowerCase())
  return {
    id: other ? 'parameter-case' : 'parameter-unknown',
    status: 400,
    path: `parameter ${name.slice(0, 60)}`,
    message: other
      ? `Names of parameters are case-sensitive: write "${other}".`
      : `There is no such parameter here. ${known.length > 0 ? `Known are ${known.join(', ')}.` : 'Send none.'}`,
  }
}
const missing = (name: string): Problem => ({
  id: 'parameter-missing',
  status: 400,
  path: `parameter ${name}`,
  message: `Send the parameter ${name}.`,
})
const malformed = (name: string, expected: string): Problem => ({
  id: 'parameter-malformed',
  status: 400,
  path: `parameter ${name}`,
  message: `${name} must be ${expected}.`,
})

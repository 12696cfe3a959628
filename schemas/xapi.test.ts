import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { PROBLEMS } from '../lrs/statement/problems.ts'
import { conforms } from '../lrs/statement/schemas.ts'

const FILES = ['parts', 'statement-1.0.3', 'statement-2.0.0']
type Schema = Record<string, unknown>
const schemaOf = (file: string): Schema =>
  JSON.parse(readFileSync(new URL(`./xapi/${file}.json`, import.meta.url), 'utf8'))
const requirements = JSON.parse(readFileSync(new URL('./requirements.json', import.meta.url), 'utf8'))

/** Keywords whose failure is told by the schema they stand in. */
const TELLING = [
  'type',
  'const',
  'enum',
  'pattern',
  'format',
  'required',
  'oneOf',
  'not',
  'minimum',
  'minItems',
  'dependentRequired',
]

function* subschemas(value: unknown, path: string): Generator<[string, Schema]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Schema]
  for (const [key, inner] of Object.entries(value)) {
    // What stands in a condition is never told.
    if (['if', 'anyOf', 'oneOf', 'not', 'enum', 'required', 'problem', 'dependentRequired'].includes(key))
      continue
    yield* subschemas(inner, `${path}/${key}`)
  }
}

test.each(FILES)('every rule in %s names a problem that exists', (file) => {
  const wrong: string[] = []
  for (const [path, schema] of subschemas(schemaOf(file), '')) {
    if (path.endsWith('/properties') || path.endsWith('/$defs')) continue
    for (const keyword of TELLING) {
      if (!(keyword in schema)) continue
      const named = schema.problem
      const byKeyword = typeof named === 'object' && named !== null ? (named as Schema)[keyword] : named
      const ids = typeof byKeyword === 'object' && byKeyword !== null ? Object.values(byKeyword) : [byKeyword]
      for (const id of ids)
        if (typeof id !== 'string' || !(id in PROBLEMS)) wrong.push(`${path} ${keyword} ${id}`)
      if (keyword === 'required' && typeof byKeyword === 'object') {
        const named = Object.keys(byKeyword as Schema).sort()
        expect(named, path).toEqual((schema.required as string[]).toSorted())
      }
    }
  }
  expect(wrong).toEqual([])
})

test.each(FILES)('%s is a JSON Schema of 2020-12', (file) => {
  const ajv = new Ajv2020({ keywords: ['problem'] })
  expect(ajv.validateSchema(schemaOf(file)), ajv.errorsText()).toBe(true)
})

test('every requirement that a problem cites is listed', () => {
  const listed = new Set(requirements.requirements.map(({ id }: { id: string }) => id))
  const cited = Object.values(PROBLEMS).flatMap(({ v1, v2 }) => [v1, v2])
  expect(cited.filter((id) => !listed.has(id))).toEqual([])
})

test('the schemas stand on their own, for a client too', () => {
  const statement = { actor: { mbox: 'mailto:a@b.c' }, verb: { id: 'urn:v' }, object: { id: 'urn:o' } }
  for (const version of ['1.0.3', '2.0.0']) {
    expect(conforms(`urn:suotdoi:xapi:statement:${version}`, statement)).toBe(true)
    expect(conforms(`urn:suotdoi:xapi:statement:${version}`, { ...statement, actor: {} })).toBe(false)
  }
})

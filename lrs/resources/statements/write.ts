import { readParameters } from '../parameters.ts'
import { type Handle, json, noContent, type XapiRequest } from '../request.ts'
import { recordStatements } from './record-statements.ts'

/** PUT statements: one, under the id of the parameter (1.0.3 Communication 2.1.1; 2.0 4.1.6.1). */
export const putStatement: Handle = async (request, caller, { storage }) => {
  const read = readParameters(request, { statementId: 'uuid!' })
  if (!read.ok) return read
  const recorded = await recordStatements(storage, caller, {
    ...received(request),
    expectedId: read.values.statementId,
  })
  return recorded.ok ? { ...noContent(), statements: 1 } : recorded
}

/** POST statements: one or several, all or none; answers with the ids in the order sent (1.0.3 Communication 2.1.2). */
export const postStatements: Handle = async (request, caller, { storage }) => {
  const read = readParameters(request, {})
  if (!read.ok) return read
  const recorded = await recordStatements(storage, caller, received(request))
  return recorded.ok ? { ...json(200, recorded.ids), statements: recorded.ids.length } : recorded
}

function received({ body, version }: XapiRequest) {
  if (body.kind !== 'statements') throw new Error('A statement endpoint was called without statements.')
  return { version, statements: body.statements, parts: body.parts }
}

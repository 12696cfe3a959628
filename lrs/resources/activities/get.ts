import { readParameters } from '../parameters.ts'
import type { Handle } from '../request.ts'
import { jsonText } from '../request.ts'
import { canonicalDefinition } from './canonical.ts'

/** GET activities: the whole activity, also one never heard of (1.0.3 Communication 2.5; 2.0 4.1.6.4). */
export const getActivity: Handle = async (request, _caller, { storage }) => {
  const read = readParameters(request, { activityId: 'iri!' })
  if (!read.ok) return read
  const { activityId } = read.values
  const definition = await canonicalDefinition(storage.activities, activityId)
  const head = `{"objectType":"Activity","id":${JSON.stringify(activityId)}`
  return jsonText(200, definition === null ? `${head}}` : `${head},"definition":${definition}}`)
}

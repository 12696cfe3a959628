import type { Refusal } from '../../problem.ts'
import { SPOKEN_VERSIONS } from '../../versions/protocol.ts'
import { readParameters } from '../parameters.ts'
import { json, type XapiRequest, type XapiResponse } from '../request.ts'

/** GET about: answered to anybody (1.0.3 Communication 2.8; 2.0 4.1.6.7). */
export function getAbout(request: Pick<XapiRequest, 'query' | 'version'>): XapiResponse | Refusal {
  const read = readParameters(request, {})
  return read.ok ? json(200, { version: SPOKEN_VERSIONS }) : read
}

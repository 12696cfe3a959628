import { allows } from '../../caller.ts'
import { identifierOf } from '../../statement/agent-key.ts'
import { readParameters } from '../parameters.ts'
import type { Handle } from '../request.ts'
import { json } from '../request.ts'

/**
 * GET agents: a Person with the identifier that was asked with and the names stated for it (1.0.3 Communication 2.4; 2.0
 * 4.1.6.3). Never another identifier of the same person: what the record knows of who is who stays inside. Names that
 * other sources stated are for callers that may read what others sent, where the person agreed to it.
 */
export const getAgent: Handle = async (request, caller, { storage, mayShow, onForeignRead }) => {
  const read = readParameters(request, { agent: 'agent!' })
  if (!read.ok) return read
  const mine = allows(caller, 'statements/read') ? undefined : [caller.source]
  const known = await storage.agents.names(read.values.agent, mine)
  const isForeign = ({ source }: { source: string }) => source !== caller.source
  const shown = mayShow && known.some(isForeign) ? await mayShow([read.values.agent]) : null
  const stated = known.filter(
    (one) => !isForeign(one) || shown === null || shown.get(read.values.agent)?.(one.source),
  )
  const foreign = stated.filter(isForeign)
  if (foreign.length > 0) {
    const sources = [...new Set(foreign.map((one) => one.source))]
    const told = async () => sources.map((source) => ({ agent: read.values.agent, source }))
    onForeignRead({ caller, sources, statements: 0, told })
  }
  const asked = (JSON.parse(request.query.get('agent') ?? '{}') as { name?: string }).name
  const names = new Set(stated.map((one) => one.name))
  if (asked !== undefined) names.add(asked)
  const identifier = Object.entries(identifierOf(read.values.agent)).map(([name, value]) => [name, [value]])
  return json(200, {
    objectType: 'Person',
    ...(names.size > 0 ? { name: [...names] } : {}),
    ...Object.fromEntries(identifier),
  })
}

import { isIri as isParsedIri } from '@hyperjump/uri'
import { OWN_NAMES } from './names.ts'

/** Parts of a result, each kept when it is valid and possible, left out otherwise. `changed` collects what was left out. */
const DURATION =
  /^P(?=.)(\d+(\.\d+)?W|(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?(T(?=.)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)$/
const MAX_RESPONSE = 20_000

export function normalResult(
  given: unknown,
  choices: ReadonlySet<string> | null,
  changed: Set<string>,
): Record<string, unknown> | undefined {
  if (!isRecord(given)) return undefined
  const result: Record<string, unknown> = {}
  const score = normalScore(given.score)
  if (score) result.score = score
  else if (given.score !== undefined) changed.add('result.score')
  for (const flag of ['success', 'completion'] as const)
    if (typeof given[flag] === 'boolean') result[flag] = given[flag]
  if (typeof given.response === 'string') {
    const response = normalResponse(given.response, choices)
    if (response !== null) result.response = response
    if (response !== given.response) changed.add('result.response')
  }
  if (typeof given.duration === 'string' && DURATION.test(given.duration)) result.duration = given.duration
  else if (given.duration !== undefined) changed.add('result.duration')
  const extensions = normalExtensions(given.extensions)
  if (extensions) result.extensions = extensions
  return Object.keys(result).length > 0 ? result : undefined
}

/** xAPI 1.0.3 Data 2.4.5.1. H5P emits {0,0,0} where there is nothing to score, and a browser may claim 999 of 1. */
function normalScore(given: unknown): Record<string, number> | null {
  if (!isRecord(given)) return null
  const score: Record<string, number> = {}
  for (const part of ['scaled', 'raw', 'min', 'max'] as const) {
    const value = given[part]
    if (value === undefined || value === null) continue
    if (typeof value !== 'number' || !Number.isFinite(value)) return null
    score[part] = value
  }
  const { scaled, raw, min, max } = score
  if (scaled === undefined && raw === undefined) return null
  if (scaled !== undefined && (scaled < -1 || scaled > 1)) return null
  if (max !== undefined && max <= (min ?? 0)) return null
  if (raw !== undefined && ((max !== undefined && raw > max) || (min !== undefined && raw < min))) return null
  return score
}

/** An empty response says nothing; several answers are joined by `[,]` (Data 2.4.4.1), also where a comma was used. */
function normalResponse(response: string, choices: ReadonlySet<string> | null): string | null {
  if (response.length > MAX_RESPONSE || /^(?:\[,\]|\s)*$/.test(response)) return null
  return choices ? delimited(response, choices) : response
}

export function delimited(response: string, choices: ReadonlySet<string>): string {
  if (choices.has(response) || !response.includes(',') || response.includes('[,]')) return response
  const parts = response.split(',').map((part) => part.trim())
  return parts.every((part) => choices.has(part)) ? parts.join('[,]') : response
}

/** What the bridge itself says, a page cannot. */
export function normalExtensions(given: unknown): Record<string, unknown> | undefined {
  if (!isRecord(given)) return undefined
  const kept = Object.entries(given).filter(
    ([key]) => isIri(key) && !LOCAL.has(key) && !key.startsWith(OWN_NAMES),
  )
  return kept.length > 0 ? Object.fromEntries(kept) : undefined
}

/** Numbers of H5P's own database: they name nothing outside of it. */
const LOCAL = new Set(['http://h5p.org/x-api/h5p-local-content-id', 'http://h5p.org/x-api/h5p-subContentId'])

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As the record store sees it (RFC 3987, with its scheme). */
export function isIri(value: unknown): value is string {
  // Longer ones name nothing, and end the parser's stack.
  return typeof value === 'string' && value.length <= 2000 && isParsedIri(value)
}

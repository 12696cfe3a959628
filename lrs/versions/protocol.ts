import type { Problem } from '../problem.ts'
import type { Version } from '../statement/types.ts'

/** What differs between the versions in how a request is made; what differs in statements is in the rules beside this. */
export interface Protocol {
  /** A request may come as a POST of a form, for browsers of old (1.0.3 Communication 1.3; gone in 2.0). */
  alternateSyntax: boolean
  /** When PUT of a document needs If-Match or If-None-Match (1.0.3 Communication 3.1; 2.0 4.1.4). */
  putGuard: { state: PutGuard; profile: PutGuard }
  /** `since` beside the id of one document is ignored (1.0.3) or refused (2.0 4.1.6.2). */
  sinceBesideId: boolean
}

/** `over`: when the document is there already. */
export type PutGuard = 'never' | 'over' | 'always'

export const PROTOCOL: Readonly<Record<Version, Protocol>> = {
  '1.0.3': { alternateSyntax: true, putGuard: { state: 'never', profile: 'always' }, sinceBesideId: true },
  '2.0.0': { alternateSyntax: false, putGuard: { state: 'over', profile: 'over' }, sinceBesideId: false },
}

export const LATEST: Version = '2.0.0'
/** What `/about` tells. */
export const SPOKEN_VERSIONS = ['2.0.0', '1.0.3', '1.0.2', '1.0.1', '1.0.0'] as const

/** Reads X-Experience-API-Version: `1.0` and any `1.0.x` are 1.0.3, `2.0` and any `2.0.x` are 2.0.0. */
export function negotiate(header: string | undefined): { version: Version } | { problem: Problem } {
  if (header === undefined || header.trim() === '') return { problem: MISSING }
  const value = header.trim()
  if (/^1\.0(\.\d{1,4})?$/.test(value)) return { version: '1.0.3' }
  if (/^2\.0(\.\d{1,4})?$/.test(value)) return { version: '2.0.0' }
  return { problem: { ...UNKNOWN, message: `${UNKNOWN.message} "${value.slice(0, 40)}" is none of them.` } }
}

const MISSING: Problem = {
  id: 'version-missing',
  status: 400,
  path: 'header X-Experience-API-Version',
  message: 'Send the header X-Experience-API-Version with the value 1.0.3 or 2.0.0.',
}
const UNKNOWN: Problem = {
  id: 'version-unknown',
  status: 400,
  path: 'header X-Experience-API-Version',
  message: 'This server speaks 1.0, 1.0.x, 2.0 and 2.0.x: send 1.0.3 or 2.0.0.',
}

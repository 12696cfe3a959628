import { type Problem, type Refusal, refuse } from '../../problem.ts'
import type { Precondition } from '../../storage/port.ts'
import type { XapiRequest } from '../request.ts'

/**
 * If-Match and If-None-Match (RFC 9110, 13.1; 1.0.3 Communication 3.1; 2.0 4.1.4); null without either. Weak tags count
 * as strong ones, because proxies that compress weaken what was given out; tags without quotes are read too.
 */
export function readPrecondition(
  headers: XapiRequest['headers'],
): { ok: true; precondition: Precondition | null } | Refusal {
  const { ifMatch, ifNoneMatch } = headers
  if (ifMatch !== undefined && ifNoneMatch !== undefined) return refuse(BOTH)
  if (ifMatch !== undefined) {
    if (ifMatch.trim() === '*') return { ok: true, precondition: { kind: 'present' } }
    const etags = readTags(ifMatch)
    return etags ? { ok: true, precondition: { kind: 'etags', etags } } : refuse(malformed('If-Match'))
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === '*') return { ok: true, precondition: { kind: 'absent' } }
    const etags = readTags(ifNoneMatch)
    return etags
      ? { ok: true, precondition: { kind: 'not-etags', etags } }
      : refuse(malformed('If-None-Match'))
  }
  return { ok: true, precondition: null }
}

function readTags(header: string): string[] | null {
  const tags: string[] = []
  for (const part of header.split(',')) {
    const match = /^(?:W\/)?(?:"([\x21\x23-\x7e]*)"|([\x21\x23-\x7e]+))$/.exec(part.trim())
    if (!match) return null
    tags.push((match[1] ?? match[2] ?? '').toLowerCase())
  }
  return tags.length > 100 ? null : tags
}

const BOTH: Problem = {
  id: 'precondition-both',
  status: 400,
  path: 'header If-None-Match',
  message: 'Send If-Match or If-None-Match, not both.',
}
const malformed = (header: string): Problem => ({
  id: 'precondition-malformed',
  status: 400,
  path: `header ${header}`,
  message: `${header} must be * or a list of at most 100 ETags in quotes, as GET gave them.`,
})

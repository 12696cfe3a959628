import type { Problem } from '../problem.ts'
import { Refused } from './refused.ts'

/**
 * Reads `a=b&c=d` (a query, or a form). A parameter given twice, a broken percent-encoding, bytes that are not UTF-8
 * and NUL are refused; a later reader would take one of several meanings.
 */
export function readQuery(
  text: string,
  where: 'parameter' | 'form parameter',
  limit: number,
): Map<string, string> {
  const query = new Map<string, string>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), where)
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1), where)
    if (query.has(name)) throw new Refused(repeated(`${where} ${name.slice(0, 60)}`))
    query.set(name, value)
  }
  // `content` is a body and has its own limit; `more` was made here and is as long as it has to be.
  let size = 0
  for (const [name, value] of query) {
    if (name !== 'content' && name !== 'more') size += Buffer.byteLength(name) + Buffer.byteLength(value)
  }
  if (size > limit) throw new Refused(tooLong(where, limit))
  return query
}

function decode(text: string, where: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Refused({ ...ENCODING, path: `${where} ${text.slice(0, 60)}` })
  }
  if (decoded.includes('\0')) throw new Refused({ ...NUL, path: `${where} ${text.slice(0, 60)}` })
  return decoded
}

const ENCODING: Problem = {
  id: 'parameter-encoding',
  status: 400,
  message: 'The percent-encoding is broken or not UTF-8. Encode the UTF-8 bytes of name and value.',
}
const NUL: Problem = {
  id: 'parameter-nul',
  status: 400,
  message: 'A parameter cannot hold the character NUL. Send it without.',
}
const repeated = (path: string): Problem => ({
  id: 'parameter-repeated',
  status: 400,
  path,
  message: 'The parameter is given more than once. Send it once.',
})
const tooLong = (where: string, limit: number): Problem => ({
  id: 'parameters-long',
  status: 413,
  path: where,
  message: `The parameters together may have ${limit} bytes at most, decoded. Ask for less at once.`,
})

/**
 * Signed statements (1.0.3 Data 2.6): the signature is an attachment, a JWS whose payload is the statement. With a
 * certificate in its header the signature is verified; without one it is only well formed, and never called verified.
 */
import { X509Certificate } from 'node:crypto'
import { compactVerify, decodeProtectedHeader } from 'jose'
import type { Problem } from '../problem.ts'
import type { FoundAttachment } from './attachments.ts'
import { canonicalStatement } from './equality.ts'
import { parseTimestamp, type Timestamp, withoutTrailingZeros } from './formats.ts'
import { type JsonNode, scan, stringIn } from './json.ts'
import { parseJson } from './json-syntax.ts'
import { type ProblemId, problem } from './problems.ts'
import type { ReceivedPart, Version } from './types.ts'

export const SIGNATURE = 'http://adlnet.gov/expapi/attachments/signature'
const ALGORITHMS = ['RS256', 'RS384', 'RS512']
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** What is wrong with the signatures of a statement; `statement` is its node in `text` as it was sent. */
export async function checkSignatures(
  text: string,
  statement: JsonNode,
  attachments: readonly FoundAttachment[],
  parts: ReadonlyMap<string, ReceivedPart>,
  version: Version,
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { usageType, contentType, sha2, path } of attachments) {
    if (usageType !== SIGNATURE) continue
    const media = contentType.split(';', 1)[0]?.trim().toLowerCase()
    if (media !== 'application/octet-stream') {
      problems.push(problem('signature-content-type', version, `${path}.contentType`))
      continue
    }
    const bytes = parts.get(sha2)?.bytes
    const wrong = bytes ? await checkSignature(text, statement, decode(bytes)) : 'signature-part'
    if (wrong) problems.push(problem(wrong, version, path))
  }
  return problems
}

async function checkSignature(text: string, statement: JsonNode, jws: string): Promise<ProblemId | null> {
  if (!COMPACT.test(jws)) return 'signature-jws'
  const header = headerOf(jws)
  if (!header) return 'signature-jws'
  if (!ALGORITHMS.includes(String(header.alg))) return 'signature-algorithm'
  const payload = payloadOf(jws)
  if (!payload) return 'signature-payload'
  if (!isSigned(text, statement, payload.text, payload.statement)) return 'signature-different'
  return header.x5c === undefined || (await verifies(jws, header.x5c)) ? null : 'signature-invalid'
}

/** The statement that a JWS signs, or null when its payload is none that could be stored. */
export function payloadOf(jws: string): { text: string; statement: JsonNode } | null {
  const encoded = jws.split('.')[1]
  if (!encoded) return null
  const text = decode(Buffer.from(encoded, 'base64url'))
  if (!parseJson(text).ok) return null
  const { node, faultCount } = scan(text)
  return node?.kind === 'object' && faultCount === 0 ? { text, statement: node } : null
}

/**
 * Whether the signed statement is the one sent. What the comparison leaves out because a store may set it must still
 * agree where both say it: a signature does not carry over to another id or time.
 */
function isSigned(text: string, statement: JsonNode, signedText: string, signed: JsonNode): boolean {
  const ids = both('id').map((id) => id?.toLowerCase())
  if (ids[0] && ids[1] && ids[0] !== ids[1]) return false
  const [time, signedTime] = both('timestamp').map((value) => (value ? parseTimestamp(value) : null))
  if (time && signedTime && !sameInstant(time, signedTime)) return false
  try {
    return canonicalStatement(text, statement) === canonicalStatement(signedText, signed)
  } catch {
    // The payload is JSON, but no statement.
    return false
  }

  function both(key: string): (string | null)[] {
    return [stringIn(text, statement, key), stringIn(signedText, signed, key)]
  }
}

function sameInstant(one: Timestamp, other: Timestamp): boolean {
  return (
    one.seconds === other.seconds &&
    withoutTrailingZeros(one.fraction) === withoutTrailingZeros(other.fraction)
  )
}

/** Against the first certificate; each of the others must have issued the one before it. */
async function verifies(jws: string, x5c: unknown): Promise<boolean> {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > 10) return false
  try {
    const chain = x5c.map((entry: unknown) => new X509Certificate(Buffer.from(String(entry), 'base64')))
    for (const [index, certificate] of chain.entries()) {
      const issuer = chain[index + 1]
      if (issuer && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))) return false
    }
    const [own] = chain
    if (!own) return false
    await compactVerify(jws, own.publicKey, { algorithms: ALGORITHMS })
    return true
  } catch {
    // Not a certificate, not an RSA key of at least 2048 bits, or not its signature.
    return false
  }
}

function headerOf(jws: string): Record<string, unknown> | null {
  try {
    return decodeProtectedHeader(jws)
  } catch {
    return null
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim()
}

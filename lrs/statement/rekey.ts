/**
 * Lawful re-keying of a statement: one identifier gives way to another, wherever an Agent or Group may stand. What else a
 * sender wrote about a person (extensions, responses, documents) is not an identifier and stays.
 */
import type { Rewrite, StoredStatement } from '../storage/port.ts'
import { agentKey, type Identifier } from './agent-key.ts'
import { findAttachments } from './attachments.ts'
import { fingerprint, identifierIn } from './equality.ts'
import { type JsonNode, member, scanStored } from './json.ts'
import { contentOf } from './record.ts'
import { rewriteArray, rewriteObject, rewriteStatement, sourceOf } from './rewrite.ts'
import { SIGNATURE } from './signature.ts'

/**
 * The statement with `to` in every place of the agent key `from`, without the name that stood there, and with everything
 * that is computed from it. Signatures are dropped: their payload holds the old identifier, and would no longer be the
 * statement. Null when `from` stands nowhere in the statement. `blobOf`: the blob of each attachment that is held, by the
 * SHA-2 that names it.
 */
export function rekeyStatement(
  stored: Pick<StoredStatement, 'id' | 'text' | 'fingerprint' | 'attachments'>,
  from: string,
  to: Identifier,
  blobOf: ReadonlyMap<string, string>,
): Rewrite | null {
  const source = stored.text
  const statement = scanStored(source)
  let found = false
  const identifier = Object.entries(to).map(([key, value]) => `"${key}":${JSON.stringify(value)}`)

  const actor = (node: JsonNode): string => {
    const isSame = agentKey(identifierIn(source, node)) === from
    found ||= isSame
    return rewriteObject(
      source,
      node,
      (key, value) => {
        if (isSame && (key === 'name' || key in NO_IDENTIFIER)) return null
        return key === 'member' ? rewriteArray(value, actor) : sourceOf(source, value)
      },
      isSame ? identifier : [],
    )
  }
  const text = rewriteStatement(source, statement, {
    actor,
    statementMember: (key, value) =>
      key === 'attachments' ? rewriteArray(value, (each) => unlessSignature(source, each)) : undefined,
  })
  if (!found) return null

  const node = scanStored(text)
  const left = new Set(findAttachments(text, node, '').map(({ sha2 }) => blobOf.get(sha2)))
  const authority = member(node, 'authority')
  const { keys, names } = contentOf(text, node, authority ? agentKey(identifierIn(text, authority)) : null)
  return {
    id: stored.id,
    expected: stored.fingerprint,
    text,
    fingerprint: fingerprint(text, node),
    keys,
    attachments: stored.attachments.filter((sha2) => left.has(sha2)),
    names,
  }
}

const NO_IDENTIFIER = { mbox: true, mbox_sha1sum: true, openid: true, account: true }

function unlessSignature(source: string, attachment: JsonNode): string | null {
  const usageType = member(attachment, 'usageType')
  const isSignature = usageType && JSON.parse(sourceOf(source, usageType)) === SIGNATURE
  return isSignature ? null : sourceOf(source, attachment)
}

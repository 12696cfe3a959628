/** Attachments of a statement against the parts of the request that bring their data (1.0.3 Communication 1.5.2). */
import type { Problem } from '../problem.ts'
import { type JsonNode, member, stringIn } from './json.ts'
import { problem } from './problems.ts'
import type { ReceivedPart, Version } from './types.ts'

export interface FoundAttachment {
  node: JsonNode
  /** In lower case. */
  sha2: string
  usageType: string
  contentType: string
  hasFileUrl: boolean
  path: string
}

/** Attachments of the statement and of its SubStatement. The statement must be valid. */
export function findAttachments(text: string, statement: JsonNode, path: string): FoundAttachment[] {
  const own = attachmentsIn(text, statement, path)
  const object = member(statement, 'object')
  if (!object || stringIn(text, object, 'objectType') !== 'SubStatement') return own
  return [...own, ...attachmentsIn(text, object, `${path}.object`)]
}

function attachmentsIn(text: string, part: JsonNode, path: string): FoundAttachment[] {
  return (member(part, 'attachments')?.items ?? []).map((node, index) => ({
    node,
    sha2: (stringIn(text, node, 'sha2') ?? '').toLowerCase(),
    usageType: stringIn(text, node, 'usageType') ?? '',
    contentType: stringIn(text, node, 'contentType') ?? '',
    hasFileUrl: member(node, 'fileUrl') !== undefined,
    path: `${path}.attachments[${index}]`,
  }))
}

/** The blobs (by their SHA-256) that the attachments bring, and what is missing. Parts are known by the `sha2` they name. */
export function claimParts(
  attachments: readonly FoundAttachment[],
  parts: ReadonlyMap<string, ReceivedPart>,
  version: Version,
): { held: string[]; problems: Problem[] } {
  const held = new Set<string>()
  const problems: Problem[] = []
  for (const { sha2, contentType, hasFileUrl, path } of attachments) {
    const part = parts.get(sha2)
    if (part) {
      held.add(part.blob)
      if (part.contentType !== null && mediaTypeOf(part.contentType) !== mediaTypeOf(contentType))
        problems.push(problem('attachment-part-content-type', version, `${path}.contentType`))
    } else if (!hasFileUrl) problems.push(problem('attachment-part-missing', version, `${path}.sha2`))
  }
  return { held: [...held], problems }
}

/** Without its parameters: `charset` may stand on one side only. */
const mediaTypeOf = (contentType: string) => contentType.split(';', 1)[0]?.trim().toLowerCase()

import { createHash } from 'node:crypto'

/** Names a link in an address without the identifier, which says who somebody is. */
export function linkId(agent: string): string {
  return createHash('sha256').update(agent).digest('base64url').slice(0, 22)
}

import { createHmac } from 'node:crypto'

/** Another one for each person and installation, from which nobody learns who it is. */
export function ownerTag(sessionSecret: string, person: string): string {
  return createHmac('sha256', sessionSecret)
    .update(JSON.stringify(['owner on a device', person]))
    .digest('base64url')
    .slice(0, 22)
}

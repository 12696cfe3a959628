import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const PRESENT = 0x01
const VERIFIED = 0x04
const ATTESTED = 0x40

/** What a test may have an authenticator, or the browser around it, do otherwise than it should. */
export interface Deviation {
  origin?: string
  rpId?: string
  counter?: number
  userHandle?: string
  verified?: boolean
}

/** A passkey in memory that answers as browsers do (WebAuthn 3, 5.1.8 and 6.1). */
export function createSoftAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let user = Buffer.alloc(0)
  let counter = 0

  const head = (flags: number, change: Deviation) => {
    counter = change.counter ?? counter + 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const verified = change.verified === false ? 0 : VERIFIED
    return Buffer.concat([
      sha256(change.rpId ?? new URL(origin).hostname),
      Buffer.of(flags | PRESENT | verified),
      count,
    ])
  }
  const client = (type: string, challenge: string, change: Deviation) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: change.origin ?? origin, crossOrigin: false }))
  const credential = (response: object) =>
    JSON.stringify({
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      clientExtensionResults: {},
      response,
    })

  return {
    create(options: object, change: Deviation = {}): string {
      const { challenge, user: given } = options as { challenge: string; user: { id: string } }
      user = Buffer.from(given.id, 'base64url')
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const authData = Buffer.concat([head(ATTESTED, change), Buffer.alloc(16), length, id, cose(publicKey)])
      const attestation = isoCBOR.encode(
        new Map<string, string | Map<string, string> | Uint8Array>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', Uint8Array.from(authData)],
        ]) as never,
      )
      return credential({
        clientDataJSON: client('webauthn.create', challenge, change).toString('base64url'),
        attestationObject: Buffer.from(attestation).toString('base64url'),
        transports: ['internal'],
      })
    },
    get(options: object, change: Deviation = {}): string {
      const { challenge } = options as { challenge: string }
      const authData = head(0, change)
      const clientData = client('webauthn.get', challenge, change)
      const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), privateKey)
      const handle = change.userHandle === undefined ? user : Buffer.from(change.userHandle)
      return credential({
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: handle.toString('base64url'),
      })
    },
  }
}

/** RFC 9053, 7.1.1: an elliptic curve key of two coordinates, P-256, for ES256. */
function cose(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const at = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url'))
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, at(x)],
      [-3, at(y)],
    ]) as never,
  )
}

/** X.509 certificates made for a test, so that no private key lies about. Just enough DER for that (X.690, RFC 5280). */
import { createPublicKey, type KeyObject, sign } from 'node:crypto'

export interface Signer {
  name: string
  privateKey: KeyObject
}

/** A certificate for `subject`, signed by `issuer`, as the base64 that x5c holds. */
export function certificate(subject: Signer, issuer: Signer): string {
  const algorithm = sequence(identifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), tagged(0x05))
  const publicKey = createPublicKey(subject.privateKey).export({ type: 'spki', format: 'der' })
  const body = sequence(
    tagged(0x02, Buffer.from([1])),
    algorithm,
    named(issuer.name),
    sequence(time('250101000000Z'), time('490101000000Z')),
    named(subject.name),
    publicKey,
  )
  const signature = sign('sha256', body, issuer.privateKey)
  return sequence(body, algorithm, tagged(0x03, Buffer.from([0]), signature)).toString('base64')
}

const named = (name: string): Buffer =>
  sequence(tagged(0x31, sequence(identifier(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(name)))))
const time = (text: string): Buffer => tagged(0x17, Buffer.from(text))
const identifier = (...bytes: number[]): Buffer => tagged(0x06, Buffer.from(bytes))
const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, ...parts)

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

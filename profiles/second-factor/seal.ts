import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts what must be read again, so that a copy of the store alone does not give it away. */
export interface Seal {
  /** `of` says whose it is: what is sealed for one person opens for no other. */
  close(text: string, of: string): string
  /** Throws for what was changed, is of somebody else, or was sealed with another secret. */
  open(sealed: string, of: string): string
}

/** The first byte names the way; another one may be added beside it. */
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM, with a key made of the installation's secret for this one purpose. */
export function createSeal(secret: string, purpose: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', `suotdoi ${purpose} v1`, 32))
  const about = (of: string) => Buffer.from(JSON.stringify([VERSION, purpose, of]))
  return {
    close(text, of) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about(of))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    open(sealed, of) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes[0] !== VERSION) throw new Error(`What is sealed has the unknown version ${bytes[0]}.`)
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(about(of))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const body = decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES))
      return Buffer.concat([body, decipher.final()]).toString('utf8')
    },
  }
}

import { createHash } from 'node:crypto'
import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** Key: SHA-256 of the credential's id, which may be a kilobyte long. Times in ms. */
export const PASSKEYS = defineCollection<PasskeyDocument>('profiles.passkeys', {
  person: ['person', 'created'],
})
export interface PasskeyDocument {
  /** The credential's id, base64url. */
  id: string
  person: PersonId
  name: string
  /** COSE key, base64url. */
  publicKey: string
  /** Of signatures, where the device counts them; 0 where it does not. */
  counter: number
  transports: string[]
  created: number
  used: number | null
}

export const passkeyKey = (id: string) => createHash('sha256').update(id).digest('base64url')

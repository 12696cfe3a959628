import { hash as digestOf, randomBytes, timingSafeEqual } from 'node:crypto'
import { hash } from '@node-rs/argon2'

/** 128 random bits, as the user name of HTTP Basic. */
export const newKey = () => randomBytes(16).toString('hex')
/** 256 random bits. */
export const newSecret = () => randomBytes(32).toString('base64url')

/** Argon2id with the package's parameters (19 MiB, two passes). */
export const hashSecret = (secret: string): Promise<string> => hash(secret)

/**
 * What a secret made here is known again by, in a microsecond and also after a restart, so that nobody who guesses can
 * make its owner wait. A secret with 112 random bits or more needs no slow hash (NIST SP 800-63B, 3.1.2.2); one that
 * somebody chose does.
 */
export const digestSecret = (secret: string): string => digestOf('sha256', secret, 'base64url')
export const isDigestOf = (digest: string, secret: string): boolean =>
  timingSafeEqual(Buffer.from(digest), Buffer.from(digestSecret(secret)))

/** Printable ASCII without the colon that ends a user name in HTTP Basic (RFC 7617, 2). */
export const isKey = (key: string) => /^[\x21-\x39\x3b-\x7e]{4,128}$/.test(key)
export const isSecret = (secret: string) => /^[\x21-\x39\x3b-\x7e]{16,256}$/.test(secret)

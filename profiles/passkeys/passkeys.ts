import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { type Collections, type Doc, type Problem, refuse } from '../../lrs/index.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import type { Audit } from '../create-profiles.ts'
import type { Passkey, Passkeys, Person, SiteOfPasskeys } from '../types.ts'
import { PASSKEYS, type PasskeyDocument, passkeyKey } from './documents.ts'

/** More are nobody's devices. */
const MOST = 20
const NAME_MAX = 60

export interface PasskeysDeps {
  collections: Collections
  audit: Audit
  now: () => number
}

/**
 * Keys that a device makes and keeps (WebAuthn 3). What is registered is discoverable: the device itself knows whose it
 * is, so nothing is typed to sign in, and no answer tells whether an account exists.
 */
export function createPasskeys({ collections, audit, now }: PasskeysDeps): Passkeys {
  const documentsOf = async (person: string) =>
    (await collections.find(PASSKEYS, { index: 'person', equals: { person }, limit: MOST + 1 })).docs

  return {
    async of(person) {
      return (await documentsOf(person)).map(({ value }) => shown(value))
    },

    async registration(person, site) {
      const held = await documentsOf(person.id)
      const options = await generateRegistrationOptions({
        rpName: site.name,
        rpID: hostOf(site),
        userID: Uint8Array.from(Buffer.from(person.id)),
        userName: person.name,
        userDisplayName: person.name,
        attestationType: 'none',
        // A device that holds one of theirs already says so, and makes no second.
        excludeCredentials: held.map(({ value }) => ({ id: value.id, transports: value.transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      })
      return { options, challenge: options.challenge }
    },

    async add(person, { site, challenge, response, name: given }) {
      const name = given.normalize('NFC').trim()
      if (name === '' || [...name].length > NAME_MAX || /\p{Cc}/u.test(name) || hasCitizenNumber(name))
        return refuse(NAME_NOT_VALID)
      const info = await verifyRegistration(response, site, challenge)
      if (!info) return refuse(REFUSED)
      if ((await documentsOf(person.id)).length >= MOST) return refuse(MANY)
      const { id, publicKey, counter, transports = [] } = info.credential
      const value: PasskeyDocument = {
        id,
        person: person.id,
        name,
        publicKey: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: [...transports],
        created: now(),
        used: null,
      }
      const { ok } = await collections.batch([
        { op: 'insert', collection: PASSKEYS, key: passkeyKey(id), value },
        audit({ action: 'passkey-add', actor: person.id, subjects: [person.id] }),
      ])
      return ok ? shown(value) : refuse(KNOWN)
    },

    async remove(person, id) {
      for (;;) {
        const doc = await collections.get(PASSKEYS, passkeyKey(id))
        if (doc?.value.person !== person) return false
        const { ok } = await collections.batch([
          { op: 'delete', collection: PASSKEYS, key: doc.key, revision: doc.revision },
          audit({ action: 'passkey-remove', actor: person, subjects: [person] }),
        ])
        if (ok) return true
      }
    },

    async authentication(site) {
      const options = await generateAuthenticationOptions({
        rpID: hostOf(site),
        userVerification: 'preferred',
      })
      return { options, challenge: options.challenge }
    },

    async signIn({ site, challenge, response }) {
      const answer = readJson<AuthenticationResponseJSON>(response)
      if (typeof answer?.id !== 'string') return refuse(REFUSED)
      for (;;) {
        const doc = await collections.get(PASSKEYS, passkeyKey(answer.id))
        if (!doc || userOf(answer) !== doc.value.person) return refuse(REFUSED)
        const info = await verifyAuthentication(answer, doc, site, challenge)
        if (!info) return refuse(REFUSED)
        const value = { ...doc.value, counter: info.newCounter, used: now() }
        if (await collections.replace(PASSKEYS, doc.key, value, doc.revision))
          return { person: doc.value.person, verified: info.userVerified }
      }
    },
  }
}

const shown = ({ id, name, created, used }: PasskeyDocument): Passkey => ({ id, name, created, used })
const hostOf = ({ origin }: SiteOfPasskeys) => new URL(origin).hostname

/** Whose the device says it is. */
function userOf({ response }: AuthenticationResponseJSON): Person['id'] | null {
  const handle: unknown = response?.userHandle
  return typeof handle === 'string' ? Buffer.from(handle, 'base64url').toString() : null
}

// What the package throws is its refusal of an answer; its words may hold what the browser sent, so they go nowhere.

async function verifyRegistration(response: string, { origin }: SiteOfPasskeys, challenge: string) {
  const answer = readJson<RegistrationResponseJSON>(response)
  if (!answer) return null
  try {
    const outcome = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: false,
    })
    return outcome.verified ? outcome.registrationInfo : null
  } catch {
    return null
  }
}

async function verifyAuthentication(
  answer: AuthenticationResponseJSON,
  { value: { id, publicKey, counter } }: Doc<PasskeyDocument>,
  { origin }: SiteOfPasskeys,
  challenge: string,
) {
  try {
    const outcome = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      credential: { id, publicKey: Uint8Array.from(Buffer.from(publicKey, 'base64url')), counter },
      requireUserVerification: false,
    })
    return outcome.verified ? outcome.authenticationInfo : null
  } catch {
    return null
  }
}

function readJson<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

const NAME_NOT_VALID: Problem = {
  id: 'passkey-name-not-valid',
  status: 400,
  path: 'name',
  message: `Write a name of at most ${NAME_MAX} characters by which you know the device.`,
}
const REFUSED: Problem = {
  id: 'passkey-refused',
  status: 403,
  message: 'This passkey was not accepted here. Try again, or use another way to sign in.',
}
const KNOWN: Problem = {
  id: 'passkey-known',
  status: 409,
  message: 'This passkey is on an account already.',
}
const MANY: Problem = {
  id: 'passkeys-many',
  status: 409,
  message: `There are ${MOST} passkeys on this account. Remove one that is not used any more.`,
}

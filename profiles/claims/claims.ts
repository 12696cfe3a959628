import { type Collections, type Operation, type Problem, refuse, type SourceId } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { identifierHash } from '../links/documents.ts'
import type { LinksPart } from '../links/links.ts'

import { keyOfCode, newCode } from './code.ts'
import { CLAIM_ACTIVITIES, CLAIM_CODES, CLAIM_TRIES, CLAIMS, type ClaimDocument } from './documents.ts'
import type { Claims } from './types.ts'

const CODE_LIFE = 30 * 60_000
const DAY = 86_400_000
const MONTH = 30 * DAY

export interface ClaimsDeps {
  collections: Collections
  links: Pick<LinksPart, 'linkBeside'>
  audit: Audit
  now: () => number
}

/** Codes by which a citizen proves that an account at a source is theirs; consumer.ts finds them in what is stored. */
export function createClaims({
  collections,
  links,
  audit,
  now,
}: ClaimsDeps): Omit<Claims, 'suggestions' | 'accept' | 'namesakes'> {
  return {
    async makeCode(person) {
      for (;;) {
        const code = newCode()
        const key = keyOfCode(code)
        if (key === null) throw new Error('A code that was just made is none.')
        const before = await collections.find(CLAIM_CODES, {
          index: 'person',
          equals: { person },
          limit: 100,
        })
        const made = now()
        const value = { person, made, until: made + CODE_LIFE }
        const outcome = await collections.batch([
          ...before.docs.map(
            (doc): Operation => ({
              op: 'delete',
              collection: CLAIM_CODES,
              key: doc.key,
              revision: doc.revision,
            }),
          ),
          { op: 'insert', collection: CLAIM_CODES, key, value, expires: value.until + DAY },
          audit({ action: 'claim-code', actor: person, subjects: [person] }),
        ])
        if (outcome.ok) return { code, until: value.until }
      }
    },

    async waiting(person) {
      const page = await collections.find(CLAIMS, {
        index: 'person',
        equals: { person, state: 'waiting' },
        descending: true,
        limit: 50,
      })
      return page.docs.map(({ key, value: { state: _, ...claim } }) => ({ id: key, ...claim }))
    },

    async answer(person, id, mine) {
      const claim = await collections.get(CLAIMS, id)
      if (claim?.value.person !== person || claim.value.state !== 'waiting') return refuse(CLAIM_UNKNOWN)
      const { source, agent } = claim.value
      const answered = (state: ClaimDocument['state']): Operation => ({
        op: 'replace',
        collection: CLAIMS,
        key: id,
        revision: claim.revision,
        value: { ...claim.value, state },
        expires: now() + MONTH,
      })
      if (mine)
        return links.linkBeside(
          {
            agent,
            person,
            how: 'claim-code',
            proof: { source, statement: id },
            by: person,
            reason: 'claim code',
            // The source proved whose account it is with it, not what others say under the same name.
            sources: [source],
          },
          async () =>
            (await collections.get(CLAIMS, id))?.revision === claim.revision
              ? [answered('confirmed')]
              : refuse(CLAIM_UNKNOWN),
        )
      const detail = { identifier: identifierHash(agent), refused: 'yes' }
      const outcome = await collections.batch([
        answered('refused'),
        audit({ action: 'claim-code', actor: person, subjects: [person], of: [source], detail }),
      ])
      return outcome.ok ? null : refuse(CLAIM_UNKNOWN)
    },

    async activityOf(source) {
      return (await collections.get(CLAIM_ACTIVITIES, source))?.value.activity ?? null
    },

    async register(source, activity, by) {
      const iri = activity?.trim() || null
      if (iri !== null && !isIri(iri)) return refuse(ACTIVITY_NOT_VALID)
      const at = { collection: CLAIM_ACTIVITIES, key: source }
      await collections.batch([
        iri === null
          ? { ...at, op: 'delete' }
          : { ...at, op: 'put', value: { activity: iri, by, since: now() } },
        audit({ action: 'source-change', actor: by, source, detail: { claimActivity: iri } }),
      ])
      return iri
    },

    async places() {
      const page = await collections.scan(CLAIM_ACTIVITIES, { limit: 200 })
      return page.docs.map(({ key }): SourceId => key)
    },

    async figures(source) {
      const held = (await collections.get(CLAIM_TRIES, source))?.value
      return held && held.begun > now() - DAY
        ? { right: held.right, wrong: held.wrong }
        : { right: 0, wrong: 0 }
    },
  }
}

/** Absolute, and as short as the record keeps them. */
const isIri = (text: string) =>
  text.length <= 2000 && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text) && URL.canParse(text)

const CLAIM_UNKNOWN: Problem = {
  id: 'claim-unknown',
  status: 404,
  message: 'There is nothing to answer here: it was answered already, or too long ago.',
}
const ACTIVITY_NOT_VALID: Problem = {
  id: 'claim-activity-not-valid',
  status: 400,
  path: 'activity',
  message: 'This is no absolute IRI. Copy the object.id of the statement as it was sent.',
}

import { randomUUID } from 'node:crypto'
import { type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import { findOfFamily } from '../merges/family-of.ts'
import { dayBegin, dayNumberOf } from '../self-told/day.ts'
import { activityOf, createTeller, type Prepared, type SelfToldDeps } from '../self-told/self-told.ts'
import type { PersonId } from '../types.ts'
import { CERTIFICATES, type CertificateDocument } from './documents.ts'
import { CERTIFICATE_LIMITS, MANY, problemsOf } from './problems.ts'
import { statementOf } from './statements.ts'

/** What stands on a certificate of paper, as its owner copies it. */
export interface CertificateInput {
  name: string
  issuer: string
  /** Local date on it, `2026-11-24`. */
  day: string
  /** As it is written there; '' where it has none. */
  number: string
}

export interface Certificate extends CertificateInput {
  id: string
  person: PersonId
  /** ms */
  at: number
  created: number
}

/** Problem ids: `certificate-…`. */
export interface Certificates {
  /** What is wrong with the words alone, before anything is stored. */
  check(input: CertificateInput): Problem[]
  add(person: PersonId, input: CertificateInput): Promise<Certificate | Refusal>
  /** What was told before is voided; null for one of somebody else, or one that was taken back. */
  change(person: PersonId, id: string, input: CertificateInput): Promise<Certificate | Refusal | null>
  /** Null as above. */
  remove(person: PersonId, id: string): Promise<Certificate | null>
  get(person: PersonId, id: string): Promise<Certificate | null>
  /** By the day on them, newest first. */
  of(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ certificates: Certificate[]; next: string | null }>
  /** Tells the record store what a kill or an outage kept from it; returns of how many. */
  resume(): Promise<number>
}

/** Paper tells no hour. */
const NOON = 12 * 3_600_000

/**
 * Certificates on paper, told by their owner as the diary is (self-told/self-told.ts): *tự khai*, until somebody who may
 * saw the original.
 */
export function createCertificates(deps: SelfToldDeps): Certificates {
  const { collections, now } = deps
  const teller = createTeller(deps, CERTIFICATES)

  function prepare(
    person: PersonId,
    id: string,
    input: CertificateInput,
    created: number,
  ): Prepared<CertificateDocument> | Refusal {
    const [first, ...rest] = problemsOf(input, now())
    if (first) return refuse(first, ...rest)
    const [name, issuer, number] = [input.name, input.issuer, input.number].map(tidy) as [
      string,
      string,
      string,
    ]
    const { day } = input
    const at = Math.min(dayBegin(dayNumberOf(day)) + NOON, now())
    const statement = randomUUID()
    const told = statementOf({
      id: statement,
      actor: teller.actorOf(person),
      activity: activityOf(id),
      ...{ name, issuer, number, at },
    })
    return { ok: true, value: { person, name, issuer, number, day, at, created, statement }, told }
  }

  async function hasRoom(person: PersonId): Promise<boolean> {
    const most = CERTIFICATE_LIMITS.perPerson
    const { docs } = await collections.find(CERTIFICATES, {
      index: 'person',
      equals: { person },
      limit: most,
    })
    return docs.length < most
  }

  return {
    check: (input) => problemsOf(input, now()),

    async add(person, input) {
      const id = randomUUID()
      const prepared = prepare(person, id, input, now())
      if (!prepared.ok) return prepared
      if (!(await hasRoom(person))) return refuse(MANY)
      await teller.add(id, prepared, false)
      return certificateOf(id, prepared.value)
    },

    async change(person, id, input) {
      const changed = await teller.change(person, id, async ({ created }) =>
        prepare(person, id, input, created),
      )
      return changed && !('problems' in changed) ? certificateOf(id, changed) : changed
    },

    async remove(person, id) {
      const removed = await teller.remove(person, id)
      return removed && certificateOf(id, removed)
    },

    async get(person, id) {
      const doc = await teller.own(person, id)
      return doc && certificateOf(id, doc.value)
    },

    async of(person, { after, limit }) {
      const { docs, next } = await findOfFamily(collections, CERTIFICATES, person, { after, limit })
      const standing = docs.filter(({ value }) => value.statement !== null)
      return { certificates: standing.map(({ key, value }) => certificateOf(key, value)), next }
    },

    resume: teller.resume,
  }
}

const tidy = (text: string) => text.trim().replace(/\s+/gu, ' ')

function certificateOf(
  id: string,
  { person, name, issuer, number, day, at, created }: Omit<Certificate, 'id'>,
): Certificate {
  return { id, person, name, issuer, number, day, at, created }
}

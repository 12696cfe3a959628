import { createHash } from 'node:crypto'
import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import type { Link } from './types.ts'

/** Key: the agent key, so that an identifier belongs to one person at most. */
export type LinkDocument = Omit<Link, 'until' | 'ended'>
export const LINKS = defineCollection<LinkDocument>('profiles.links', {
  person: ['person', 'since'],
  merged: ['merged', 'since'],
})

/** Key: random. Links that have ended; `tell` is who made one that was contested, until they have seen it. */
export type EndedLink = Link & { tell?: PersonId }
export const ENDED_LINKS = defineCollection<EndedLink>('profiles.ended-links', {
  person: ['person', 'since'],
  agent: ['agent', 'since'],
  tell: ['tell', 'until'],
})

/**
 * Key: the agent key. A link has changed, and the records are to follow: first the facts that there are under the
 * identifier, then, where some may be missing, its statements. Every change of a link writes it in its own batch.
 */
export interface LinkJob {
  /** Whose records it changes. */
  persons: PersonId[]
  phase: 'facts' | 'statements'
  /** Behind the last fact that was looked at; null at the start. */
  fact: string | null
  /** The statements come after the facts. */
  readLater: boolean
  /** Position of the last statement that was read. */
  statement: number
  done: number
  /** When a process was last at it, ms. */
  seen: number
}
export const LINK_JOBS = defineCollection<LinkJob>('profiles.link-jobs', { person: ['persons'] })

/** Whose record a link feeds. */
export const recordOf = (link: Pick<Link, 'person' | 'merged'>): PersonId => link.merged ?? link.person

/** Names an identifier where it must not stand itself: it says who somebody is. */
export function identifierHash(agent: string): string {
  return createHash('sha256').update(agent).digest('base64url').slice(0, 22)
}

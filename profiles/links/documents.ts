import { defineCollection } from '../../lrs/index.ts'
import type { Link } from '../types.ts'

/** Key: the agent key, so that an identifier belongs to one person at most. */
export interface LinkDocument extends Omit<Link, 'until' | 'ended'> {
  /** It has ended, and its history is being taken out; the key is free only afterwards. */
  ending: boolean
}
export const LINKS = defineCollection<LinkDocument>('profiles.links', { person: ['person', 'since'] })

/** Key: random. Links that have ended. */
export const ENDED_LINKS = defineCollection<Link>('profiles.ended-links', { person: ['person', 'since'] })

/** Key: the agent key. Work that has begun and must be finished, also after a kill. */
export interface LinkJob {
  kind: 'fold-in' | 'take-out'
  /** Fold-in: position of the last statement that was read. */
  after: number
}
export const LINK_JOBS = defineCollection<LinkJob>('profiles.link-jobs')

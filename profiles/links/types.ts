import type { Refusal, SourceId } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** By what kind of proof an identifier became somebody's. */
export type How = 'product' | 'operator' | 'oidc' | 'email-code' | 'claim-code' | 'source-assertion'

/** What a link rests on; which of these there is follows from `how`. */
export interface Proof {
  /** `operator`: the paper by which an officer decided. `date` is 2026-11-24. */
  document?: { number: string; date: string }
  /** `claim-code`: the source that stored the code. `source-assertion`: the one that asserts it. */
  source?: SourceId
  /** `claim-code`: the statement that held the code. */
  statement?: string
  /** `oidc`: who issued the subject. */
  issuer?: string
}

/** A proven tie between an xAPI identifier (agent key) and a person; at most one person at a time, with history. */
export interface Link {
  agent: string
  person: PersonId
  since: number
  until: number | null
  how: How
  proof?: Proof
  by: string
  reason: string
  /** Whose statements join the record: those of these sources; absent: of all. What others sent waits for a word. */
  sources?: SourceId[]
  /** Sources of which the person said that what they sent is not theirs: it is not asked again. */
  refused?: SourceId[]
  /** The person into whom `person` is merged: whose record it feeds meanwhile. */
  merged?: PersonId
  /** The person whose record it feeds agreed to have one; absent: nothing is taken into any record. */
  agreed?: true
  /** Who ended it and why, once it has an `until`. */
  ended?: { by: string; reason: string; contested?: true }
}

export interface LinkInput {
  agent: string
  person: PersonId
  how: How
  proof?: Proof
  by: string
  reason: string
  sources?: readonly SourceId[]
}

/** Statements under a linked identifier that join no record until the person says that they are theirs. */
export interface Waiting {
  /** Names the link in an address; tells nothing of the identifier. */
  id: string
  agent: string
  source: SourceId
  years: { year: number; count: number }[]
}

/** What is being folded in or taken out now. */
export interface LinkWork {
  agent: string
  /** Statements looked at so far. */
  done: number
  /** Whether the record gains by it. */
  joining: boolean
  /** The account under which the product itself records. */
  ours?: true
}

export interface Links {
  /**
   * Refused when the identifier belongs to another person. Answers as soon as the link is durable; the history is folded
   * in beside, and `work` tells how far it is.
   */
  link(input: LinkInput): Promise<Link | Refusal>
  /** Answers at once; the history is taken out beside. */
  unlink(input: { agent: string; by: string; reason: string }): Promise<Link | Refusal>
  /** The person says that an account is not theirs: out of sight at once, and whoever made the link is told. */
  contest(input: { agent: string; person: PersonId }): Promise<Link | Refusal>
  /** What a source sent under this identifier is the person's, or is not. */
  decide(input: { agent: string; person: PersonId; source: SourceId; mine: boolean }): Promise<Link | Refusal>
  /** Of sources about which the person has not decided; counted, never shown. */
  waiting(person: PersonId): Promise<Waiting[]>
  work(person: PersonId): Promise<LinkWork[]>
  of(person: PersonId): Promise<Link[]>
  /** Whose record it feeds. */
  personOf(agent: string): Promise<PersonId | null>
  /** Links that this person made and that were contested since, until `noticed`. */
  contested(maker: PersonId): Promise<(Link & { id: string })[]>
  noticed(maker: PersonId, id: string): Promise<void>
  /** Whether this person contested this identifier before. */
  wasContested(agent: string, person: PersonId): Promise<boolean>
}

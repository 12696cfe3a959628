import type { Refusal } from '../../lrs/index.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId, RecordLine } from '../types.ts'
import type { MarkedLine } from './names.ts'

/** What a citizen says is wrong with a line, in the order of a list to choose from. */
export const DISPUTE_KINDS = ['not-mine', 'result', 'time', 'twice', 'other'] as const
export type DisputeKind = (typeof DISPUTE_KINDS)[number]
/** `corrected` also when the source voided all that it was about before anybody answered. */
export type DisputeState = 'open' | 'corrected' | 'not-corrected' | 'withdrawn'

/** A citizen's word that a line of their record is wrong, and what came of it. Times in ms. */
export interface Dispute {
  id: string
  line: string
  person: PersonId
  source: string
  kind: DisputeKind
  /** The source is asked to void what it told. */
  asksVoid: boolean
  words: string
  made: number
  /** The line as it stood then. */
  told: {
    name: Record<string, string>
    activity: string
    at: number
    /** Of this source, oldest first, at most 1,000; with those that came while it was open. */
    statements: string[]
  }
  /** Of those statements, what the source has voided since. */
  gone: string[]
  state: DisputeState
  /** Whose officers answer it, beside the source's page. */
  organisation: OrganisationId | null
  /** `by` is null where the source voided all of it, and nobody wrote. */
  answer: { at: number; by: PersonId | null; words: string } | null
  /** Oldest first. */
  history: DisputeStep[]
}

export interface DisputeStep {
  at: number
  what: 'made' | 'passed-on' | 'voided' | Exclude<DisputeState, 'open'>
  /** A person; null for the source. */
  by: PersonId | null
  words: string
  /** To whom it was passed on. */
  organisation?: OrganisationId
}

export interface DisputeInput {
  kind: string
  words: string
  asksVoid: boolean
  /** Which of several that told the same thing (`against`); needed only where there are several. */
  teller?: string
}

export const DISPUTE_LIMITS = { words: 1_000 } as const

/** Whose queue: what is about a source, or what an organisation's officers answer. */
export type Queue = { source: string } | { organisation: OrganisationId }

/** Problem ids: those of problems.ts. */
export interface Disputes {
  /** Whose word of a line can be disputed: the line that each told. What people say of themselves they change themselves. */
  against(line: RecordLine): Promise<{ line: string; source: string }[]>
  /** One open at a time of each line. */
  make(person: PersonId, line: string, input: DisputeInput): Promise<Dispute | Refusal>
  /** Newest first. */
  of(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ disputes: Dispute[]; next: string | null }>
  /** Null for one of somebody else. */
  get(person: PersonId, id: string): Promise<Dispute | null>
  /** The newest of a line. */
  ofLine(person: PersonId, line: MarkedLine): Promise<Dispute | null>
  /** Which of these lines are being looked at, and since when. */
  among(lines: readonly MarkedLine[]): Promise<ReadonlyMap<string, number>>
  /** How many wait for an answer, and the newest answers that were not looked at: at most 5. */
  news(person: PersonId): Promise<{ waiting: number; answered: Dispute[] }>
  /** Its person has looked at the answer. Null for one of somebody else. */
  seen(person: PersonId, id: string): Promise<Dispute | null>
  /** Null for one of somebody else. */
  withdraw(person: PersonId, id: string): Promise<Dispute | Refusal | null>

  /** Open ones the oldest first, others the newest first. */
  queue(
    queue: Queue,
    options: { open: boolean; after?: string; limit: number },
  ): Promise<{ disputes: Dispute[]; next: string | null }>
  /** Open ones, without those that are silent. */
  count(queue: Queue): Promise<number>
  find(id: string): Promise<Dispute | null>
  /**
   * Whether nobody is to look at it now: the one whose record it is about does not agree to a record (any more). Queues
   * and counts leave those out; agreed again, they are there again.
   */
  isSilent(dispute: Pick<Dispute, 'person'>): Promise<boolean>
  /** Who voids what it is about: this queue (`voids`), another one, or its source, which the product does not write for. */
  voider(queue: Queue, dispute: Pick<Dispute, 'source'>): Promise<'here' | 'elsewhere' | 'source'>
  /**
   * Of two who answer at once the second is refused (`dispute-answered`); nobody answers their own, what is in no queue of
   * theirs (any more: `dispute-unknown`), or what is silent (`dispute-silent`).
   */
  answer(
    id: string,
    input: { queue: Queue; by: PersonId; outcome: string; words: string; voids: boolean },
  ): Promise<Dispute | Refusal>
  passOn(
    id: string,
    input: { queue: Queue; by: PersonId; organisation: OrganisationId; words: string },
  ): Promise<Dispute | Refusal>
  /** Voids what a kill or an outage kept from being voided; returns how many disputes it was about. */
  resume(): Promise<number>
}

/** What a citizen keeps out of every share. */
export interface Hidden {
  /** `false` for a line that is not on the person's record. What is so already stays. */
  set(person: PersonId, line: string, hidden: boolean): Promise<boolean>
  /** Which of these lines are hidden. */
  among(lines: readonly MarkedLine[]): Promise<ReadonlySet<string>>
  /** Newest first, with since when (ms). */
  of(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ hidden: { line: string; at: number }[]; next: string | null }>
}

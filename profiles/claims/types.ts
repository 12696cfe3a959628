import type { Refusal, SourceId } from '../../lrs/index.ts'
import type { Link } from '../links/types.ts'
import type { PersonId } from '../types.ts'

/** A person's code was stored by a source under an account: theirs, when they say so. */
export interface Claim {
  id: string
  person: PersonId
  source: SourceId
  /** Agent key; shown masked. */
  agent: string
  /** When the statement was stored, ms. */
  at: number
}

/** What the account page offers as perhaps the person's too; never applied by itself. */
export type Suggestion =
  /** A proven address under which nothing was looked for yet, or the hidden form of one that has statements. */
  | { kind: 'mail' | 'sha1'; agent: string; mail: string }
  /** Accounts of a source that carry the person's name and are nobody's. */
  | { kind: 'name'; source: SourceId; count: number }

export interface Namesake {
  source: SourceId
  agent: string
  name: string
}

/** Problem ids: `claim-unknown`, `claim-activity-not-valid`, and those of links. */
export interface Claims {
  /** A new code, shown once; the one before is worth nothing any more. */
  makeCode(person: PersonId): Promise<{ code: string; until: number }>
  waiting(person: PersonId): Promise<Claim[]>
  /** `mine`: the account is linked, for what this source sent. Else null: nothing is linked. */
  answer(person: PersonId, id: string, mine: boolean): Promise<Link | null | Refusal>
  /** The activity as an answer to which this source's learners type their code. */
  activityOf(source: SourceId): Promise<string | null>
  /** Null: codes are not taken any more. */
  register(source: SourceId, activity: string | null, by: string): Promise<string | null | Refusal>
  /** Sources that take codes. */
  places(): Promise<SourceId[]>
  /** Codes typed at a source in the last day. */
  figures(source: SourceId): Promise<{ right: number; wrong: number }>
  suggestions(person: PersonId): Promise<Suggestion[]>
  /** Links what was suggested by an address; its statements wait, source by source. */
  accept(person: PersonId, agent: string): Promise<Link | Refusal>
  /** Accounts that carry the person's name and are nobody's, for an officer. At most 20. */
  namesakes(person: PersonId): Promise<Namesake[]>
}

import { defineCollection } from '../../lrs/index.ts'
import { identifierHash } from '../links/documents.ts'
import type { Class } from '../mapping/classify.ts'

import type { LineTwins } from '../twins/tellers.ts'
import type { PersonId } from '../types.ts'

import type { Fact, Telling } from './fact.ts'
import type { Tally } from './tally.ts'
import { yearOf } from './time.ts'

/**
 * What stays for a day where a statement was found voided, re-keyed away or erased: whoever read it before that and
 * wants to write its fact afterwards finds the place taken and looks again.
 */
export interface Blank {
  line: null
  agent: null
}
export const BLANK: Blank = { line: null, agent: null }
export const BLANK_LIFE = 86_400_000

/**
 * A telling under an identifier that is somebody's, from a source about which this person has not decided. It is on no
 * line: its place tells of which identifier, source and year it is, and is what it is counted under.
 */
export interface Waiting extends Telling {
  person: null
  line: string
}

/** Key: statement id. */
export const FACTS = defineCollection<Fact | Waiting | Blank>('profiles.facts', {
  line: ['line', 'at'],
  agent: ['agent'],
  day: ['person', 'days'],
})

/** Key: a waiting fact's place. How many wait there; written with them. */
export const WAITING = defineCollection<{ count: number }>('profiles.waiting')

/**
 * The `mapping` of a line that is to be told anew whatever the version: what it is among others, or on its days, is not
 * settled.
 */
export const LATE = -1

/**
 * Key: line id. `visibleTo` and `at` are null while nothing but noise is known of the line. Kind, H and topic are those
 * of the mapping tables of version `mapping`.
 */
export interface LineDocument extends Class {
  visibleTo: PersonId | null
  at: number | null
  mapping: number
  /** What it is found by (terms.ts), and the local day of `at`. */
  terms: string[]
  day: number | null
  tally: Tally
  /** Courses as a part of which it counts (courses/documents.ts); absent: an earlier version of the product wrote it. */
  within?: string[]
  /** It is a course, and a part of it tells how long it took. */
  hasParts?: true
  /** Absent: no other line may tell of the same thing. A line that is shown as another is not visible. */
  twins?: LineTwins
}
export const LINES = defineCollection<LineDocument>('profiles.lines', {
  person: ['visibleTo', 'at'],
  mapping: ['mapping'],
  term: ['visibleTo', 'terms', 'day'],
})

export type Known = Fact | Waiting | Blank

export function isFact(value: Known | null): value is Fact {
  return value !== null && value.line !== null && value.person !== null
}

export function isWaiting(value: Known | null): value is Waiting {
  return value !== null && value.line !== null && value.person === null
}

/** A fact, or one that waits to be one. */
export function isTelling(value: Known | null): value is Fact | Waiting {
  return value !== null && value.line !== null
}

/** Begins the places of an identifier. No line has such a name: those of lines have no space. */
export const waitingPrefix = (agent: string) => `waiting ${identifierHash(agent)} `

export function waitingOf(telling: Telling): Waiting {
  const place = JSON.stringify([telling.source, yearOf(telling.at)])
  return { ...telling, person: null, line: `${waitingPrefix(telling.agent)}${place}` }
}

import { defineCollection } from '../../lrs/index.ts'
import type { Class } from '../mapping/classify.ts'
import type { PersonId } from '../types.ts'
import type { Fact } from './fact.ts'
import type { Tally } from './tally.ts'

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

/** Key: statement id. */
export const FACTS = defineCollection<Fact | Blank>('profiles.facts', { line: ['line'], agent: ['agent'] })

/**
 * Key: line id. `visibleTo` and `at` are null while nothing but noise is known of the line. Kind, H and topic are those
 * of the mapping tables of version `mapping`.
 */
export interface LineDocument extends Class {
  visibleTo: PersonId | null
  at: number | null
  mapping: number
  tally: Tally
}
export const LINES = defineCollection<LineDocument>('profiles.lines', {
  person: ['visibleTo', 'at'],
  mapping: ['mapping'],
})

/** There while records are made anew, and `seen` every few seconds; left behind by what was cut short. */
export const REBUILDS = defineCollection<{ begun: number; seen: number }>('profiles.rebuilds')

export function isFact(value: Fact | Blank | null): value is Fact {
  return value !== null && value.line !== null
}

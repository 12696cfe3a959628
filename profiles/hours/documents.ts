import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import type { Day } from './day.ts'
import type { Sums } from './sums.ts'

/** Key: person and day. `sums` are those of the mapping tables of version `mapping`. */
export interface DayDocument extends Day {
  mapping: number
  sums: Sums
}
export const DAYS = defineCollection<DayDocument>('profiles.days', { mapping: ['mapping'] })
export const dayKey = (person: PersonId, day: number) => `${person}/${day}`

/** Key: person and year. The sums of its days, and the lines that show in it by month. */
export interface YearDocument {
  person: PersonId
  year: number
  sums: Sums
  lines: Record<string, number>
}
export const YEARS = defineCollection<YearDocument>('profiles.years', { person: ['person', 'year'] })
export const yearKey = (person: PersonId, year: number) => `${person}/${year}`

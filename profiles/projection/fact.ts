import { createHash } from 'node:crypto'
import { agentKey, type Identifier, type StoredStatement } from '../../lrs/index.ts'
import { CMI5_CATEGORY, isCmi5Course, registrationName } from '../courses/names.ts'
import { sittingsOf } from '../hours/sitting.ts'
import type { Level, PersonId, RecordLine } from '../types.ts'
import { isFurniture, rootOf, speaksForWhole } from './activity-types.ts'
import { levelOfTelling } from './levels.ts'
import { marksOf, NO_MARKS, type Taken } from './taken.ts'
import { durationMs, eventTime, localDay, type Misdated } from './time.ts'
import { PROGRESSED, TIERS, type Tier, verbRule } from './verbs.ts'

export type LanguageMap = Record<string, string>

/** What one statement says about a line, before it is known whose line it is. */
export interface Telling {
  /** Id of the statement. */
  id: string
  /** Agent key of the actor. */
  agent: string
  source: string
  level: Level
  /** How a lesson of the product was taken; absent: it is none, or is not known. */
  taken?: Taken
  /** What is the same for all statements of one line of one person. */
  lineKey: string
  registration: string | null
  activity: { id: string; name: LanguageMap; type: string | null }
  /** What else the activity was said to belong to (parents, groupings), in order; at most MAX_COURSES. */
  courses: string[]
  /** The one go at the activity that it speaks of (a quiz attempt, a submission), where it names one. */
  go: string | null
  /** It speaks of a piece of the activity, so its score and success are not those of the whole. */
  part: boolean
  verb: { id: string; display: LanguageMap }
  tier: Tier
  score: RecordLine['score']
  success: boolean | null
  completed: boolean
  /** ms */
  duration: number | null
  /** ms */
  at: number
  /** Why its own timestamp is not believed, and `at` is when it was stored. */
  misdated: Misdated | null
}

/** A telling on somebody's record. */
export interface Fact extends Telling {
  person: PersonId
  line: string
  /** The local days in which it tells of something. */
  days: number[]
}

/** Longer IRIs and identifiers are kept in the store and left out of the record. */
const MAX_IRI = 2000
export const MAX_COURSES = 8

/**
 * Reads a stored statement for the record. Null when it is none for a record: its actor is a group, its object is no
 * activity (a voiding statement among them), or it was voided.
 *
 * One line gathers one source's statements about one activity: all of one registration, or, without a registration,
 * all of one day in Vietnam. `ours`: its source is the product itself, whose marks count.
 */
export function tellingOf(stored: StoredStatement, level: Level, ours = false): Telling | null {
  if (stored.voided) return null
  const statement = JSON.parse(stored.text) as StatementShape
  const { actor, verb, object, result, context } = statement
  if (actor.objectType === 'Group' || !isActivity(object)) return null
  const agent = agentKey(actor)
  if (!agent?.isWellFormed() || [agent, verb.id, object.id].some((one) => one.length > MAX_IRI)) return null

  const registration = context?.registration?.toLowerCase()
  const parents = [context?.contextActivities?.parent ?? []].flat().filter(({ id }) => id.length <= MAX_IRI)
  const own = named(object)
  const root = rootOf(own, parents.map(named), registration !== undefined)
  const { at, misdated } = eventTime(statement.timestamp, stored.stored)
  const rule = verbRule(verb.id)
  const part = !speaksForWhole(own, root)
  const belongsTo = [context?.contextActivities?.parent ?? [], context?.contextActivities?.grouping ?? []]
    .flat()
    .map(({ id }) => id)
    .filter((id) => id !== root.id && id !== own.id && id.length <= MAX_IRI && id.isWellFormed())
  const { taken, declared } = ours ? marksOf(context?.contextActivities?.category) : NO_MARKS
  const overstates = part && TIERS.indexOf(rule.tier) >= TIERS.indexOf('completion')
  return {
    id: stored.id,
    agent,
    source: stored.source,
    level: declared ? 'tu-khai' : levelOfTelling(level, root.type),
    ...(taken && { taken }),
    lineKey: lineKey(stored.source, registration ?? localDay(at), root.id),
    registration: registration ?? null,
    activity: { id: root.id, name: 'name' in root ? root.name : {}, type: root.type },
    courses: coursesIn(belongsTo, isOfCmi5(context) && !isCmi5Course(own.type) ? registration : undefined),
    go: part || own.id === root.id ? null : own.id,
    part,
    verb: overstates ? PROGRESSED : { id: verb.id, display: languageMap(verb.display) },
    tier: isFurniture(own.type) ? 'noise' : overstates ? 'activity' : rule.tier,
    score: scoreOf(result?.score),
    success: result?.success ?? rule.success ?? null,
    completed: result?.completion === true || rule.completes === true,
    duration: durationMs(result?.duration),
    at,
    misdated,
  }
}

/** What it belongs to, in order. Units of a cmi5 course name none: their registration stands for it. */
function coursesIn(named: readonly string[], registration: string | undefined): string[] {
  const first = registration === undefined ? [] : [registrationName(registration)]
  const rest = [...new Set(named)].sort().slice(0, MAX_COURSES - first.length)
  return [...first, ...rest].sort()
}

const isOfCmi5 = (context: StatementShape['context']) =>
  [context?.contextActivities?.category ?? []].flat().some(({ id }) => id === CMI5_CATEGORY)

export function factOf(telling: Telling, person: PersonId): Fact {
  const days = sittingsOf(telling).map(({ day }) => day)
  return { ...telling, person, line: lineId(person, telling.lineKey), days }
}

/** `of`: a registration, or the local day. */
export function lineKey(source: string, of: string | number, activity: string): string {
  return JSON.stringify([source, of, activity])
}

/** The line of a person that statements of one key make. */
export function lineId(person: PersonId, lineKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([person, lineKey]))
    .digest('base64url')
    .slice(0, 22)
}

/** Only what is read here; the store has validated the rest. */
interface StatementShape {
  actor: Identifier & { objectType?: string }
  verb: { id: string; display?: LanguageMap }
  object: ActivityShape | { objectType: 'Agent' | 'Group' | 'StatementRef' | 'SubStatement' }
  result?: {
    score?: { scaled?: number; raw?: number; min?: number; max?: number }
    success?: boolean
    completion?: boolean
    duration?: string
  }
  context?: {
    registration?: string
    contextActivities?: {
      parent?: ActivityShape | ActivityShape[]
      grouping?: ActivityShape | ActivityShape[]
      category?: ActivityShape | ActivityShape[]
    }
  }
  timestamp?: string
}
interface ActivityShape {
  objectType?: 'Activity'
  id: string
  definition?: { name?: LanguageMap; type?: string }
}

function isActivity(object: StatementShape['object']): object is ActivityShape {
  return object.objectType === undefined || object.objectType === 'Activity'
}

function named({ id, definition }: ActivityShape) {
  const type = definition?.type ?? null
  return {
    id,
    name: languageMap(definition?.name),
    type: type !== null && type.length > MAX_IRI ? null : type,
  }
}

/** Most languages kept of one name, and most characters of each. */
export const MAX_LANGUAGES = 12
const MAX_WORDS = 500

/** Vietnamese and English first, the others by their tags. */
export function byLanguage([a]: [string, unknown], [b]: [string, unknown]): number {
  const order = (tag: string) => (/^vi\b/i.test(tag) ? 0 : /^en\b/i.test(tag) ? 1 : 2)
  return order(a) - order(b) || (a < b ? -1 : a > b ? 1 : 0)
}

function languageMap(map: LanguageMap | undefined): LanguageMap {
  const entries = Object.entries(map ?? {}).filter(([tag]) => tag.length <= 100)
  return Object.fromEntries(
    entries
      .sort(byLanguage)
      .slice(0, MAX_LANGUAGES)
      .map(([tag, words]) => [
        tag,
        words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS).toWellFormed()}…` : words,
      ]),
  )
}

/** A score that says something: H5P sends 0 of 0 for content that cannot be scored. */
function scoreOf(
  score: { scaled?: number; raw?: number; min?: number; max?: number } | undefined,
): RecordLine['score'] {
  if (!score || (score.max !== undefined && score.max <= (score.min ?? 0))) return null
  const kept = Object.fromEntries(
    (['scaled', 'raw', 'max'] as const).flatMap((name) => {
      const value = score[name]
      // A minus before zero does not survive being stored.
      return Number.isFinite(value) ? [[name, value || 0]] : []
    }),
  )
  return 'scaled' in kept || 'raw' in kept ? kept : null
}

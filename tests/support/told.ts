import { randomUUID } from 'node:crypto'
import { agentKey, statementKey } from '../../lrs/index.ts'
import type { StatementRecord, StoredStatement } from '../../lrs/storage/port.ts'

/** A statement in few words, for tests of what is made of statements. */
export interface Told {
  id?: string
  /** Account name at the LMS of the tests. */
  who?: string
  /** Verb IRI, or the last word of an ADL verb. */
  verb?: string
  /** Activity IRI, or its last part. */
  activity?: string
  name?: Record<string, string>
  type?: string
  parents?: { id: string; type?: string; name?: Record<string, string> }[]
  /** IRIs of groupings, a course say. */
  courses?: string[]
  registration?: string
  result?: Record<string, unknown>
  /** Joins the context. */
  context?: { contextActivities?: Record<string, unknown> }
  /** ISO 8601 */
  at?: string
  source?: string
  /** Replaces the object. */
  object?: unknown
  /** Replaces the actor. */
  actor?: unknown
}

export const HOME = 'https://lms.example.org'
export const ADL = 'http://adlnet.gov/expapi/verbs/'
export const activity = (name: string) => (name.includes(':') ? name : `https://lms.example.org/a/${name}`)
export const keyOf = (who: string) => agentKey({ account: { homePage: HOME, name: who } })!

export function statementOf(told: Told) {
  const { who = 'lan', verb = 'completed', name, type, parents, courses, registration, result, at } = told
  const more = told.context?.contextActivities
  const definition = { ...(name ? { name } : {}), ...(type ? { type } : {}) }
  return {
    id: told.id ?? randomUUID(),
    actor: told.actor ?? { objectType: 'Agent', account: { homePage: HOME, name: who } },
    verb: { id: verb.includes(':') ? verb : `${ADL}${verb}`, display: { en: verb } },
    object: told.object ?? { id: activity(told.activity ?? 'lesson'), definition },
    ...(result ? { result } : {}),
    ...(registration || parents || courses || more
      ? {
          context: {
            ...(registration ? { registration } : {}),
            ...(parents || courses || more
              ? {
                  contextActivities: {
                    ...(parents
                      ? { parent: parents.map(({ id, ...of }) => ({ id: activity(id), definition: of })) }
                      : {}),
                    ...more,
                    ...(courses ? { grouping: courses.map((id) => ({ id: activity(id) })) } : {}),
                  },
                }
              : {}),
          },
        }
      : {}),
    timestamp: at ?? '2026-11-20T02:00:00.000Z',
  }
}

/** As a store gives it back. */
export function storedOf(told: Told, more: Partial<StoredStatement> = {}): StoredStatement {
  const statement = statementOf(told)
  return {
    position: 1,
    id: statement.id,
    text: JSON.stringify(statement),
    stored: Date.UTC(2026, 10, 24),
    source: told.source ?? 'moodle',
    fingerprint: '1:x',
    refersTo: null,
    voiding: false,
    voided: false,
    attachments: [],
    ...more,
  }
}

/** As a store takes it. */
export function recordOf(told: Told): StatementRecord {
  const statement = statementOf(told)
  const actor = agentKey(statement.actor as Parameters<typeof agentKey>[0])
  const object = statement.object as { objectType?: string; id?: string }
  const refersTo = object.objectType === 'StatementRef' ? (object.id ?? null) : null
  const text = JSON.stringify(statement)
  return {
    id: statement.id,
    text,
    needsTimestamp: false,
    fingerprint: `1:${text}`,
    source: told.source ?? 'moodle',
    keys: actor === null ? [] : [statementKey.actor(actor), statementKey.agent(actor)],
    refersTo,
    voiding: statement.verb.id === `${ADL}voided`,
    mayVoidForeign: true,
    attachments: [],
    definitions: [],
    names: [],
  }
}

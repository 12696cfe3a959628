import type { Course, Verdict } from '../attempt/course.ts'
import { actorOf, contextOf, type Told } from './context.ts'
import { idWithin } from './ids.ts'
import {
  ADL,
  ASSESSED,
  BROWSER_CLAIM,
  BROWSER_CLAIMS,
  LESSON_TYPE,
  PRACTICE,
  SELF_DECLARED,
  VERBS,
} from './names.ts'

/** What the server says of an attempt as a whole, in this order. */
export const SAID = ['initialized', 'completed', 'passed', 'failed', 'terminated'] as const
export type Said = (typeof SAID)[number]
/** What is told once of an attempt: one of these, or the answers that were handed in. */
export type Mark = Said | 'answered'

export interface Saying extends Told {
  started: number
  assessed: boolean
}

/**
 * The statements that follow from the course of an attempt, by verb. They follow from it alone, under ids of attempt and
 * verb, so that telling again tells nothing new.
 */
export function saidByServer(course: Course, of: Saying): Map<Said, Record<string, unknown>> {
  const said = new Map<Said, Record<string, unknown>>()
  for (const verb of SAID) {
    const verdict = verb === 'initialized' ? { at: of.started } : course[verb]
    if (verdict) said.set(verb, statementOf(verb, verdict, course, of))
  }
  return said
}

function statementOf(
  verb: Said,
  verdict: Pick<Verdict, 'at'> & Partial<Verdict>,
  course: Course,
  of: Saying,
): Record<string, unknown> {
  const { claims = [], claimed = false, at } = verdict
  const declared = verb === 'completed' && course.declared
  const categories = [
    of.assessed ? ASSESSED : PRACTICE,
    ...(claimed ? [BROWSER_CLAIM] : []),
    ...(declared ? [SELF_DECLARED] : []),
  ]
  const result = resultOf(verb, verdict)
  const iri = ADL + verb
  return {
    id: idWithin(of.attempt, `verb/${verb}`),
    actor: actorOf(of),
    verb: { id: iri, display: { ...VERBS[iri]! } },
    object: {
      objectType: 'Activity',
      id: of.lessonIri,
      definition: { type: LESSON_TYPE, name: { [of.language]: of.title } },
    },
    ...(Object.keys(result).length > 0 && { result }),
    timestamp: new Date(at).toISOString(),
    context: contextOf(of, {
      part: null,
      categories,
      extensions: claims.length > 0 ? { [BROWSER_CLAIMS]: claims.map(asSaid) } : {},
    }),
  }
}

function resultOf(verb: Said, { score, active }: Partial<Verdict>): Record<string, unknown> {
  return {
    ...(score && { score: scoreOf(score) }),
    ...(verb === 'completed' && { completion: true }),
    ...(verb === 'passed' && { completion: true, success: true }),
    ...(verb === 'failed' && { success: false }),
    ...(active !== undefined && { duration: `PT${Math.round(active / 10) / 100}S` }),
  }
}

function scoreOf(score: NonNullable<Verdict['score']>): Record<string, number> {
  const { raw, max } = score as { raw?: number; max?: number }
  if (raw === undefined || max === undefined || 'scaled' in score) return { ...score }
  return { raw, min: 0, max, scaled: raw / max }
}

const asSaid = ({ at, ended: _, ...claim }: Verdict['claims'][number]) => ({
  ...claim,
  at: new Date(at).toISOString(),
})

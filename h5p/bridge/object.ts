import { ONLY } from '../score/question.ts'
import { isRecord } from './result.ts'

const SUB_CONTENT = /^[\w-]{1,64}$/

export interface Place {
  /** `<PUBLIC_URL>/lessons/<id>`. */
  lessonIri: string
  /** Id of the lesson, and of its content, as the page may name them. */
  names: readonly string[]
}

/**
 * What an object names: the lesson (`part` null), a part of it by its sub-content id, or (null) anything else. H5P writes
 * the content's URL, a path or its bare number, each perhaps with `?subContentId=`.
 */
export function placeOf(object: unknown, { lessonIri, names }: Place): { part: string | null } | null {
  if (!isRecord(object)) return null
  if (object.objectType !== undefined && object.objectType !== 'Activity') return null
  if (typeof object.id !== 'string' && typeof object.id !== 'number') return null
  const [base = '', query, ...more] = String(object.id).split('?')
  if (more.length > 0) return null
  const own = base === lessonIri || names.some((name) => base === name || base === `/h5p/content/${name}`)
  if (!own && !/^\d{1,16}$/.test(base)) return null
  if (query === undefined) return { part: null }
  const part = /^subContentId=(.+)$/.exec(query)?.[1]
  return part && SUB_CONTENT.test(part) ? { part } : null
}

/** The IRI of the lesson, or of a part of it. */
export function iriOf(lessonIri: string, part: string | null): string {
  return part === null ? lessonIri : `${lessonIri}?subContentId=${part}`
}

/** A lesson that is a single question says of itself what others say of a part; so it is told of a part as well. */
export const ONLY_PART = ONLY

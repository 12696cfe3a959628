import { BRIDGE_CHANGES, category } from './names.ts'
import { iriOf, type Place, placeOf } from './object.ts'
import { isRecord, normalExtensions } from './result.ts'

/** What every statement of an attempt says of it, whoever made the statement. */
export interface Told extends Place {
  /** UUID; the registration. */
  attempt: string
  /** Person id. */
  person: string
  accountHomePage: string
  /** Number of the lesson's version. */
  version: number
  title: string
  /** Language tag of the lesson. */
  language: string
  /** IRIs of topics, which are how a record learns what the lesson is about. */
  topics: readonly string[]
}

export function actorOf({
  accountHomePage,
  person,
}: Pick<Told, 'accountHomePage' | 'person'>): Record<string, unknown> {
  return { objectType: 'Agent', account: { homePage: accountHomePage, name: person } }
}

export function contextOf(
  told: Told,
  {
    part,
    parents = [],
    categories,
    extensions,
  }: {
    /** Of the object; null: the lesson itself. */
    part: string | null
    parents?: readonly (string | null)[]
    categories: readonly string[]
    extensions: Record<string, unknown>
  },
): Record<string, unknown> {
  const activities = (ids: readonly string[]) => ids.map((id) => ({ objectType: 'Activity', id }))
  const grouping = [...(part === null ? [] : [told.lessonIri]), ...told.topics]
  return {
    registration: told.attempt,
    revision: String(told.version),
    platform: 'Suốt Đời',
    language: told.language,
    contextActivities: {
      ...(parents.length > 0 && {
        parent: activities(parents.map((parent) => iriOf(told.lessonIri, parent))),
      }),
      ...(grouping.length > 0 && { grouping: activities(grouping) }),
      category: categories.map(category),
    },
    ...(Object.keys(extensions).length > 0 && { extensions }),
  }
}

/** The lesson or its parts that a page names as parents, the object itself aside. */
export function parentsOf(given: unknown, place: Place, part: string | null): (string | null)[] {
  const said =
    isRecord(given) && isRecord(given.contextActivities) ? given.contextActivities.parent : undefined
  const found = (Array.isArray(said) ? said : [said]).flatMap((each) => placeOf(each, place) ?? [])
  return [...new Set(found.map((each) => each.part))].filter((each) => each !== part)
}

/** H5P's own category, which names the type: `http://h5p.org/libraries/H5P.TrueFalse-1.8`. */
export function libraryCategory(context: unknown): string | undefined {
  const given =
    isRecord(context) && isRecord(context.contextActivities) ? context.contextActivities.category : undefined
  for (const each of Array.isArray(given) ? given : [given])
    if (
      isRecord(each) &&
      typeof each.id === 'string' &&
      /^http:\/\/h5p\.org\/libraries\/[\w.-]{1,200}$/.test(each.id)
    )
      return each.id
  return undefined
}

export function extensionsOf(
  given: unknown,
  changed: ReadonlySet<string>,
  own: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    ...normalExtensions(isRecord(given) ? given.extensions : undefined),
    ...own,
    ...(changed.size > 0 && { [BRIDGE_CHANGES]: [...changed] }),
  }
}

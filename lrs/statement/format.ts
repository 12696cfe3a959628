/** A stored statement as it is read: in one of the three formats, in the version that the reader speaks. */
import { rulesOf } from '../versions/rules.ts'
import { type JsonNode, member, scan, scanStored, stringAt } from './json.ts'
import { chooseLanguage, wantedLanguages } from './language.ts'
import { rewriteArray, rewriteObject, rewriteStatement, type StatementWriter, sourceOf } from './rewrite.ts'
import type { Version } from './types.ts'

/** 1.0.3 Communication 2.1.3, parameter `format`. */
export type StatementFormat = 'ids' | 'exact' | 'canonical'

export interface FormatOptions {
  format: StatementFormat
  /** The version of the reader's header. A 1.0.x reader gets a 2.0 statement without what 1.0.3 does not know. */
  version: Version
  /** The header Accept-Language, for `canonical`. */
  acceptLanguage?: string
  /**
   * For `canonical`: canonical definitions as JSON text, by activity id (see `activitiesIn`). An activity that is not
   * there keeps the definition that its statement gives.
   */
  definitions?: ReadonlyMap<string, string>
}

/** JSON text in, JSON text out; every token that the format does not concern stays as it was sent. */
export function formatStatement(text: string, options: FormatOptions): string {
  if (isReadAsStored(text, options)) return text
  const writer = writerFor(text, options)
  if (!rulesOf(options.version).contextAgents) writer.contextMember = withoutContextAgents
  return rewriteStatement(text, scanStored(text), writer)
}

/** Whether a text, or the bytes of several, is what `formatStatement` makes of it. Quick, and never wrong with `true`. */
export function isReadAsStored(
  text: { includes(part: string): boolean },
  { format, version }: Pick<FormatOptions, 'format' | 'version'>,
): boolean {
  return format === 'exact' && (rulesOf(version).contextAgents || !mayHaveContextAgents(text))
}

/** Ids of the activities in a stored statement, without repeats: those whose canonical definitions are wanted. */
export function activitiesIn(text: string): string[] {
  const ids = new Set<string>()
  rewriteStatement(text, scanStored(text), {
    activity(node) {
      const id = member(node, 'id')
      if (id) ids.add(stringAt(text, id))
      return ''
    },
  })
  return [...ids]
}

function writerFor(text: string, { format, acceptLanguage, definitions }: FormatOptions): StatementWriter {
  if (format === 'ids') return idsWriter(text)
  if (format === 'exact') return {}
  const wanted = wantedLanguages(acceptLanguage)
  return {
    verb: (node) =>
      rewriteObject(text, node, (key, value) =>
        key === 'display' ? oneLanguage(text, value, wanted) : sourceOf(text, value),
      ),
    activity: (node) => canonicalActivity(text, node, definitions, wanted),
  }
}

/** Agents, Groups, verbs and activities by what identifies them, and nothing more. */
function idsWriter(text: string): StatementWriter {
  const identity = (node: JsonNode): string => {
    const isAnonymous = !node.members.some(({ key }) => IDENTIFIERS.has(key))
    return rewriteObject(text, node, (key, value) => {
      if (key === 'objectType' || IDENTIFIERS.has(key)) return sourceOf(text, value)
      return key === 'member' && isAnonymous ? rewriteArray(value, identity) : null
    })
  }
  const id = (node: JsonNode): string =>
    rewriteObject(text, node, (key, value) => (key === 'id' ? sourceOf(text, value) : null))
  return { actor: identity, verb: id, activity: id }
}

const IDENTIFIERS = new Set(['mbox', 'mbox_sha1sum', 'openid', 'account'])

function canonicalActivity(
  text: string,
  node: JsonNode,
  definitions: FormatOptions['definitions'],
  wanted: readonly string[],
): string {
  const id = member(node, 'id')
  const canonical = id && definitions?.get(stringAt(text, id))
  const own = member(node, 'definition')
  const definition = canonical
    ? oneLanguageEach(canonical, scan(canonical).node ?? undefined, wanted)
    : oneLanguageEach(text, own, wanted)
  const written = rewriteObject(text, node, (key, value) =>
    key === 'definition' ? definition : sourceOf(text, value),
  )
  return own || definition === null ? written : `${written.slice(0, -1)},"definition":${definition}}`
}

/** The definition with one language in each of its maps. */
function oneLanguageEach(
  text: string,
  definition: JsonNode | undefined,
  wanted: readonly string[],
): string | null {
  if (!definition) return null
  return rewriteObject(text, definition, (key, value) => {
    if (key === 'name' || key === 'description') return oneLanguage(text, value, wanted)
    if (!COMPONENT_LISTS.has(key)) return sourceOf(text, value)
    return rewriteArray(value, (component) =>
      rewriteObject(text, component, (name, inner) =>
        name === 'description' ? oneLanguage(text, inner, wanted) : sourceOf(text, inner),
      ),
    )
  })
}

const COMPONENT_LISTS = new Set(['choices', 'scale', 'source', 'target', 'steps'])

function oneLanguage(text: string, map: JsonNode, wanted: readonly string[]): string {
  if (map.members.length < 2) return sourceOf(text, map)
  const chosen = chooseLanguage(
    map.members.map(({ key }) => key),
    wanted,
  )
  return rewriteObject(text, map, (key, value) => (key === chosen ? sourceOf(text, value) : null))
}

/** docs/adr/0005-reading-2.0-as-1.0.md */
function withoutContextAgents(key: string): null | undefined {
  return key === 'contextAgents' || key === 'contextGroups' ? null : undefined
}

/** Quick, and never wrong with `false`: an escape may hide the name. */
function mayHaveContextAgents(text: { includes(part: string): boolean }): boolean {
  return text.includes('"contextAgents"') || text.includes('"contextGroups"') || text.includes('\\u')
}

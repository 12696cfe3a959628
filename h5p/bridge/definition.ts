import { ENDING_POINT } from './names.ts'
import { delimited, isIri, isRecord, normalExtensions } from './result.ts'

const INTERACTION = 'http://adlnet.gov/expapi/activities/cmi.interaction'
/** Which lists of components each interaction type has (xAPI 1.0.3 Data 2.4.4.1). */
const COMPONENTS: Record<string, readonly string[]> = {
  'true-false': [],
  choice: ['choices'],
  'fill-in': [],
  'long-fill-in': [],
  matching: ['source', 'target'],
  performance: ['steps'],
  sequencing: ['choices'],
  likert: ['scale'],
  numeric: [],
  other: [],
}

export interface NormalDefinition {
  definition: Record<string, unknown>
  /** Ids that a response may be made of, for choice and sequencing. */
  choices: ReadonlySet<string> | null
}

/**
 * An activity definition in normal form: texts under the lesson's own language (H5P says `en-US` whatever it is) and
 * without markup, interaction properties only with their interaction type, nothing empty.
 */
export function normalDefinition(given: unknown, language: string): NormalDefinition {
  const definition: Record<string, unknown> = {}
  if (!isRecord(given)) return { definition, choices: null }
  if (isIri(given.type)) definition.type = given.type
  if (isIri(given.moreInfo)) definition.moreInfo = given.moreInfo
  for (const part of ['name', 'description'] as const) {
    const text = languageMap(given[part], language)
    if (text) definition[part] = text
  }
  const { [ENDING_POINT]: _, ...extensions } = normalExtensions(given.extensions) ?? {}
  if (Object.keys(extensions).length > 0) definition.extensions = extensions

  const kind = given.interactionType
  if (typeof kind !== 'string' || !Object.hasOwn(COMPONENTS, kind)) return { definition, choices: null }
  definition.interactionType = kind
  definition.type = INTERACTION
  for (const list of COMPONENTS[kind]!) {
    const components = normalComponents(given[list], language)
    if (components.length > 0) definition[list] = components
  }
  const choices = Array.isArray(definition.choices)
    ? new Set((definition.choices as { id: string }[]).map((choice) => choice.id))
    : null
  if (Array.isArray(given.correctResponsesPattern)) {
    const patterns = given.correctResponsesPattern
      .filter((pattern): pattern is string => typeof pattern === 'string' && pattern !== '')
      .map((pattern) => (choices ? delimited(pattern, choices) : pattern))
    if (patterns.length > 0) definition.correctResponsesPattern = patterns
  }
  return { definition, choices }
}

function normalComponents(given: unknown, language: string): { id: string; description?: unknown }[] {
  if (!Array.isArray(given)) return []
  const byId = new Map<string, { id: string; description?: unknown }>()
  for (const component of given) {
    if (!isRecord(component)) continue
    const { id } = component
    if ((typeof id !== 'string' && typeof id !== 'number') || String(id) === '') continue
    const description = languageMap(component.description, language)
    if (!byId.has(String(id)))
      byId.set(String(id), description ? { id: String(id), description } : { id: String(id) })
  }
  return [...byId.values()]
}

/** One text under the lesson's language. */
function languageMap(given: unknown, language: string): Record<string, string> | undefined {
  if (!isRecord(given)) return undefined
  const texts = Object.values(given).filter((text) => typeof text === 'string')
  const text = plainText((given['en-US'] as string | undefined) ?? texts[0] ?? '')
  return text === '' ? undefined : { [language]: text }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

export function plainText(html: unknown): string {
  if (typeof html !== 'string') return ''
  // No `<` within a tag: each is looked at once, whatever a page sends.
  return html
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^<>]*>/gi, ' ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,8}));/gi, (all, decimal, hex, name) => {
      if (name) return ENTITIES[String(name).toLowerCase()] ?? all
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : all
    })
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 5000)
}

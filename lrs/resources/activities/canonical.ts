import type { ActivityStore, SourceId } from '../../storage/port.ts'

type Members = Record<string, unknown>
const COMPONENTS = ['choices', 'scale', 'source', 'target', 'steps'] as const

/**
 * The canonical definition of an activity as JSON text, null when none is known. It is that of the source the operator
 * chose, else of the first source that defined it; the others only add languages to it. What they say of types, correct
 * answers or extensions counts for nothing.
 */
export async function canonicalDefinition(activities: ActivityStore, id: string): Promise<string | null> {
  const { definitions, chosen } = await activities.get(id)
  return mergeSources(definitions, chosen)
}

export function mergeSources(
  definitions: readonly { source: SourceId; text: string }[],
  chosen: SourceId | null,
): string | null {
  const canonical = definitions.find((one) => one.source === chosen) ?? definitions[0]
  if (!canonical) return null
  // Kept token by token where nobody else has a say.
  if (definitions.length === 1) return canonical.text
  const merged = JSON.parse(canonical.text) as Members
  let added = false
  for (const { source, text } of definitions) {
    if (source === canonical.source) continue
    added = addLanguages(merged, JSON.parse(text) as Members) || added
  }
  return added ? JSON.stringify(merged) : canonical.text
}

function addLanguages(to: Members, from: Members): boolean {
  let added = false
  for (const name of ['name', 'description']) added = addToMap(to, name, from[name]) || added
  for (const list of COMPONENTS) {
    const own = to[list]
    const others = from[list]
    if (!Array.isArray(own) || !Array.isArray(others)) continue
    for (const component of own as Members[]) {
      const same = (others as Members[]).find((one) => one.id === component.id)
      if (same) added = addToMap(component, 'description', same.description) || added
    }
  }
  return added
}

function addToMap(holder: Members, name: string, languages: unknown): boolean {
  if (typeof languages !== 'object' || languages === null) return false
  const own = (holder[name] ?? {}) as Members
  const missing = Object.entries(languages).filter(([language]) => !Object.hasOwn(own, language))
  if (missing.length === 0) return false
  holder[name] = { ...own, ...Object.fromEntries(missing) }
  return true
}

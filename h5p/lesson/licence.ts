import type { Author, Licence } from '../types.ts'

/** Licences as H5P names them, each with the versions there are; the newest first. */
export const LICENCES: Readonly<Record<string, readonly string[]>> = {
  'CC BY': ['4.0', '3.0', '2.5', '2.0', '1.0'],
  'CC BY-SA': ['4.0', '3.0', '2.5', '2.0', '1.0'],
  'CC BY-ND': ['4.0', '3.0', '2.5', '2.0', '1.0'],
  'CC BY-NC': ['4.0', '3.0', '2.5', '2.0', '1.0'],
  'CC BY-NC-SA': ['4.0', '3.0', '2.5', '2.0', '1.0'],
  'CC BY-NC-ND': ['4.0', '3.0', '2.5', '2.0', '1.0'],
  'CC0 1.0': [],
  'CC PDM': [],
  PD: [],
  'GNU GPL': ['v3', 'v2', 'v1'],
  'ODC PDDL': [],
  C: [],
}

export function isLicence({ code, version }: Licence): boolean {
  const versions = Object.hasOwn(LICENCES, code) ? LICENCES[code]! : null
  return versions !== null && (version === undefined || versions.includes(version))
}

/** What a package's `h5p.json` says of licence, authors and source, as far as it can be taken over. */
export function licenceDataOf(metadata: Record<string, unknown>): {
  licence?: Licence
  authors: Author[]
  source?: string
} {
  const { license, licenseVersion, authors, source } = metadata
  const code = typeof license === 'string' ? license : ''
  const version = typeof licenseVersion === 'string' && licenseVersion !== '' ? licenseVersion : undefined
  const licence = [{ code, ...(version && { version }) }, { code }].find(isLicence)
  return {
    ...(licence && { licence }),
    authors: Array.isArray(authors) ? authors.flatMap(authorOf).slice(0, 20) : [],
    ...(typeof source === 'string' && /^https?:\/\/\S{1,900}$/i.test(source) && { source }),
  }
}

function authorOf(given: unknown): Author[] {
  const { name, role } = (given ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || name.trim() === '') return []
  return [
    { name: name.trim().slice(0, 200), ...(typeof role === 'string' && /^\w{1,30}$/.test(role) && { role }) },
  ]
}

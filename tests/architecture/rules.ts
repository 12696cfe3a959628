/**
 * Who may import whom (docs/adr/0002-parts-and-ports.md). Paths are relative to the project, with forward slashes;
 * a package or Node's own module is named as in the import.
 */
const PARTS = ['app', 'lrs', 'h5p', 'plugins', 'profiles', 'society', 'web', 'schemas'] as const

const OURS = new RegExp(`^(${PARTS.join('|')}|tests|bench|scripts)/`)

/** What a part may import of other parts; of itself it may import everything that INSIDE_LRS allows. */
const ALLOWED: Record<(typeof PARTS)[number], RegExp> = {
  app: /^(app|lrs|h5p|plugins|profiles|society|web|schemas)\//,
  lrs: /^(lrs|schemas)\//,
  h5p: /^(h5p|schemas)\/|^lrs\/index\.ts$/,
  plugins: /^schemas\/|^plugins\/plugin\.ts$/,
  profiles: /^(profiles|schemas)\/|^lrs\/index\.ts$/,
  society: /^(society|schemas)\/|^(lrs|profiles)\/index\.ts$/,
  web: /^(web|schemas)\/|^(lrs|h5p|profiles|society)\/index\.ts$/,
  schemas: /^schemas\//,
}

/** Inside lrs: http → resources → statement and the port; an adapter knows the port alone. */
const INSIDE_LRS: readonly { from: RegExp; never: RegExp; because: string }[] = [
  {
    from: /^lrs\/storage\//,
    never: /^lrs\/(?!storage\/[^/]+\.ts$)/,
    because: 'a storage adapter knows the port and its own folder',
  },
  {
    // The public face offers the router to app.
    from: /^lrs\/(?!http\/|index\.ts)/,
    never: /^lrs\/http\//,
    because: 'nothing in lrs knows lrs/http',
  },
  { from: /^lrs\//, never: /^lrs\/index\.ts$/, because: 'the public face is for the other parts' },
  {
    from: /^lrs\/(statement|versions|auth|audit|feed)\//,
    never: /^lrs\/resources\//,
    because: 'resources stand above statement, versions, auth, audit and feed',
  },
]

/** Packages that belong to one place. */
const AT_HOME: readonly { package: RegExp; home: RegExp; because: string }[] = [
  {
    package: /^node:sqlite$/,
    home: /^lrs\/storage\/sqlite\//,
    because: 'SQLite stays behind the storage port',
  },
  { package: /^mongodb$/, home: /^lrs\/storage\/mongo\//, because: 'MongoDB stays behind the storage port' },
  { package: /^@lumieducation\//, home: /^h5p\//, because: 'the H5P server is used in h5p alone' },
  { package: /^express$/, home: /^(lrs\/http|h5p|web|app)\//, because: 'in lrs only lrs/http knows Express' },
]

/** Why `from` may not import `to`; null when it may. Tests and their fixtures may import everything. */
export function offence(from: string, to: string): string | null {
  if (/\.(test|fixture)\.ts$|^(tests|bench|scripts)\//.test(from)) return null
  const part = PARTS.find((name) => from.startsWith(`${name}/`))
  if (!part) return null

  if (!OURS.test(to)) {
    const rule = AT_HOME.find((one) => one.package.test(to) && !one.home.test(from))
    return rule ? rule.because : null
  }
  if (adapterOf(to) && part !== 'app' && adapterOf(from) !== adapterOf(to))
    return 'app is the only importer of a storage adapter'
  const plugin = /^plugins\/[^/]+\//.exec(from)?.[0]
  if (plugin && to.startsWith(plugin)) return null
  if (!ALLOWED[part].test(to)) return `${part} may import only ${ALLOWED[part].source}`
  return INSIDE_LRS.find((rule) => rule.from.test(from) && inside(from, to, rule.never))?.because ?? null
}

function adapterOf(path: string): string | null {
  return /^lrs\/storage\/([^/]+)\//.exec(path)?.[1] ?? null
}

function inside(from: string, to: string, never: RegExp): boolean {
  const sameAdapter = adapterOf(from) !== null && adapterOf(from) === adapterOf(to)
  return never.test(to) && !sameAdapter
}

/** Every module specifier that a source text imports, exports from, or loads with a literal `import()`. */
export function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const pattern =
    /\b(?:import|export)\b[^'"`;=()]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]|\bimport\s*['"]([^'"]+)['"]/g
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

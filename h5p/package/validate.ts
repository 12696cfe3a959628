import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { IH5PConfig, LibraryManager } from '@lumieducation/h5p-server'
import { AggregateH5pError, H5pError } from '@lumieducation/h5p-server'
import { PackageValidator } from '../internals.ts'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'
import { contentProblems } from './content.ts'
import { type PackageLibrary, readLibraries, readPackage } from './read.ts'

/**
 * Checks an unpacked package against H5P's rules (schemas, names, files, languages, core version) and against ours.
 * Libraries that are installed in the same or a newer patch are not looked at: their copy in the package is not used.
 */
export async function validatePackage(
  directory: string,
  config: IH5PConfig,
  libraryManager: LibraryManager,
): Promise<PackageProblem[]> {
  const broken = await unreadable(directory)
  if (broken.length > 0) return broken
  const problems = await validate(directory, config, libraryManager, true)
  return problems.length > 0 ? problems : contentProblems(await readPackage(directory), directory)
}

/** Checks the libraries of an unpacked package, whatever content it holds. */
export function validateLibraries(
  directory: string,
  config: IH5PConfig,
  libraryManager: LibraryManager,
): Promise<PackageProblem[]> {
  return validate(directory, config, libraryManager, false)
}

async function validate(
  directory: string,
  config: IH5PConfig,
  libraryManager: LibraryManager,
  content: boolean,
): Promise<PackageProblem[]> {
  try {
    await new PackageValidator(config, libraryManager).validateExtractedPackage(directory, content, true)
    return (await readLibraries(directory)).flatMap(wholeVersion)
  } catch (error) {
    if (error instanceof AggregateH5pError) return error.getErrors().map(translated)
    if (error instanceof H5pError) return [translated(error)]
    throw error
  }
}

/** H5P's schema takes any number for a version; keys of builds are made of whole ones. */
function wholeVersion({ machineName, majorVersion, minorVersion, patchVersion }: PackageLibrary) {
  return [majorVersion, minorVersion, patchVersion].every(Number.isInteger)
    ? []
    : [
        translated(
          new H5pError('invalid-schema-library-json-file', {
            name: machineName,
            reason: `${majorVersion}.${minorVersion}.${patchVersion}`,
          }),
        ),
      ]
}

/** The validator tells broken JSON from broken JSON by the file's name only; authors need the two told apart. */
async function unreadable(directory: string): Promise<PackageProblem[]> {
  const found: PackageProblem[] = []
  for (const [path, missing, broken] of [
    ['h5p.json', 'h5p-manifest-missing', 'h5p-manifest-unreadable'],
    ['content/content.json', 'h5p-content-missing', 'h5p-content-unreadable'],
  ] as const) {
    let text: string
    try {
      text = await readFile(join(directory, path), 'utf8')
    } catch {
      found.push(problem(missing, 400, `The package holds no ${path}; export it again from the H5P editor`))
      continue
    }
    try {
      JSON.parse(text)
    } catch (error) {
      found.push(
        problem(broken, 400, `${path} is not valid JSON: ${(error as Error).message}`, { file: path }),
      )
    }
  }
  return found
}

/** Ids of the H5P server's problems, and ours. */
const IDS: Record<string, string> = {
  'invalid-h5p-json-file': 'h5p-manifest-missing',
  'invalid-h5p-json-file-2': 'h5p-manifest-invalid',
  'invalid-content-folder': 'h5p-content-missing',
  'invalid-library-name': 'h5p-library-folder-name',
  'library-directory-name-mismatch': 'h5p-library-folder-mismatch',
  'invalid-schema-library-json-file': 'h5p-library-description-invalid',
  'invalid-library-json-file': 'h5p-library-description-unreadable',
  'invalid-semantics-json-file': 'h5p-library-semantics-unreadable',
  'library-file-missing': 'h5p-library-file-missing',
  'invalid-language-file': 'h5p-language-file-name',
  'invalid-language-file-json': 'h5p-language-file-unreadable',
  'api-version-unsupported': 'h5p-core-too-old',
  'not-in-whitelist': 'h5p-file-kind',
}

function translated(error: H5pError): PackageProblem {
  const { replacements } = error
  const id = IDS[error.errorId] ?? 'h5p-invalid'
  const values: Record<string, string | number> = { detail: error.message }
  for (const [name, value] of Object.entries(replacements)) values[name.replaceAll('-', '_')] = String(value)
  return problem(id, 400, sentence(id, values), values)
}

function sentence(id: string, values: Record<string, string | number>): string {
  switch (id) {
    case 'h5p-manifest-missing':
      return 'The package holds no h5p.json; export it again from the H5P editor'
    case 'h5p-manifest-invalid':
      return `h5p.json breaks the rules for it: ${values.reason}`
    case 'h5p-library-folder-name':
      return `The library folder ${values.name} has a name that is not allowed`
    case 'h5p-library-folder-mismatch':
      return `The folder ${values.directoryName} holds the library ${values.machineName}-${values.majorVersion}.${values.minorVersion}; both names must be the same`
    case 'h5p-library-description-invalid':
      return `library.json of ${values.name} breaks the rules for it: ${values.reason}`
    case 'h5p-library-description-unreadable':
      return `library.json of ${values.name} is not valid JSON`
    case 'h5p-library-file-missing':
      return `The library ${values.library} names the file ${values.filename}, which is not in the package`
    case 'h5p-language-file-name':
      return `${values.file} is no valid name for a language file (library ${values.library})`
    case 'h5p-language-file-unreadable':
      return `The language file ${values.file} of ${values.library} is not valid JSON`
    case 'h5p-core-too-old':
      return `${values.component} needs the H5P core ${values.required}; ${values.current} is running here`
    default:
      return `The package is not valid: ${values.detail}`
  }
}

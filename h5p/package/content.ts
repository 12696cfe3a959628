import { libraryLabel } from '../library/names.ts'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'
import { cleanPictures } from './pictures.ts'
import { type Package, requiredLibraries } from './read.ts'

/** Our own checks of an unpacked package's content; its drawings are cleaned on the way. */
export async function contentProblems(read: Package, directory: string): Promise<PackageProblem[]> {
  const found: PackageProblem[] = []
  const { mainLibrary } = read.metadata
  if (typeof read.parameters !== 'object' || read.parameters === null || Array.isArray(read.parameters))
    found.push(
      problem('h5p-content-malformed', 400, 'content/content.json must hold an object', {
        detail: 'content/content.json',
      }),
    )
  if (!requiredLibraries(read.metadata).some((library) => library.machineName === mainLibrary))
    found.push(
      problem(
        'h5p-main-library-unnamed',
        400,
        `h5p.json names ${mainLibrary} as the main library but does not list it among the libraries it needs`,
        { library: mainLibrary },
      ),
    )
  for (const library of read.libraries)
    if (library.machineName === mainLibrary && !library.metadata.runnable)
      found.push(
        problem(
          'h5p-main-library-not-playable',
          400,
          `${libraryLabel(library)} is no content type of its own`,
          {
            library: libraryLabel(library),
          },
        ),
      )
  for (const path of outsidePaths(read.parameters))
    found.push(
      problem(
        'h5p-path-outside',
        400,
        `The content names the file ${path}, which lies outside of the package`,
        {
          file: path,
        },
      ),
    )
  found.push(...(await cleanPictures(directory)))
  return found
}

/**
 * File names in the parameters that step out of the content folder. The H5P server joins them to the folder it reads
 * from, so such a name would copy any file of the machine, or of another lesson, into this one.
 */
function outsidePaths(parameters: unknown): string[] {
  const found: string[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (value !== null && typeof value === 'object')
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'path' && typeof inner === 'string') {
          if (/^[/\\]|\\|(^|\/)\.\.(\/|$)|\0/.test(inner) && !/^(https?:)?\/\//i.test(inner))
            found.push(inner)
        } else visit(inner)
      }
  }
  visit(parameters)
  return found
}

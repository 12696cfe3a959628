import { contents } from '../collections.ts'
import { readBlob } from '../content/files.ts'
import { parseLibrary } from '../library/names.ts'
import { OWN_TYPES } from '../own-types.ts'
import { problem } from '../problems.ts'
import { questionsOf } from '../score/questions.ts'
import type { Stores } from '../server.ts'
import type { Draft, PackageProblem } from '../types.ts'

/** Types of our own that ask nothing. */
const ASKS_NOTHING = new Set(['SuotDoi.Text'])

/** Whether a lesson of this main library can be assessed: only what the server itself scores, with the answers kept back. */
export function canAssess(library: string): boolean {
  const type = parseLibrary(library)?.machineName ?? ''
  return Object.hasOwn(OWN_TYPES, type) && !ASKS_NOTHING.has(type)
}

/** Why a draft that is to be assessed cannot be: nothing in it is asked, or something that the server does not score. */
export async function assessProblem(
  { collections, blobs }: Stores,
  { mode, library, content }: Draft,
): Promise<PackageProblem | null> {
  if (mode.kind !== 'assessed') return null
  const held = await collections.get(contents, content)
  const parameters = held && (JSON.parse(await readBlob(blobs, held.value.parameters)) as unknown)
  const { all, asked } = questionsOf(parseLibrary(library)?.machineName ?? '', parameters)
  const isOurs = [...all.values()].every((question) => Object.hasOwn(OWN_TYPES, typeOf(question.library)))
  if (canAssess(library) && asked > 0 && isOurs) return null
  return {
    ...problem('lesson-cannot-assess', 400, 'The system scores only questions of its own'),
    path: 'mode',
  }
}

const typeOf = (library: string) => library.split(/[ -]/)[0] ?? ''

import { mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Intake, scanProblem } from '../package/open.ts'
import { problem, refusal } from '../problems.ts'
import type { DraftChange, Topic } from '../types.ts'
import { compileLesson } from './compile.ts'

type Refused = ReturnType<typeof refusal>
/** Does something with an unpacked package and with what its lesson file said, while the package is there. */
type Use<T> = (directory: string, said: DraftChange) => Promise<T>

const LESSON_FILE = /\.ya?ml$/i
/** A lesson of fifty pages has some 200 kB; reading more would only tell what is wrong with it. */
const MOST_BYTES = 2 * 1024 * 1024

/** Whether an upload is text and no archive: then it is a lesson file, or nothing that can be taken in. */
export async function isPlainText(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    const begin = buffer.subarray(0, bytesRead)
    if (begin.subarray(0, 2).equals(Buffer.from('PK')) || begin.includes(0)) return false
    // A lesson file says what is what; a package that arrived as some other text is told to be none.
    return /^[^\n:]+:/m.test(begin.toString('utf8'))
  } finally {
    await handle.close()
  }
}

/** A lesson file that came alone, without pictures. */
export async function openLessonFile<T>(
  intake: Intake,
  file: string,
  topics: readonly Topic[],
  use: Use<T>,
): Promise<T | Refused> {
  const harmful = await scanProblem(intake, file)
  return harmful ? refusal(harmful) : compile(file, null, topics, use)
}

/** Whether an unpacked archive is a lesson file with its pictures, and no H5P package. */
export async function isUnpackedLessonFile(directory: string): Promise<boolean> {
  const paths = await filesIn(directory)
  return !paths.includes('h5p.json') && paths.some((path) => LESSON_FILE.test(path))
}

/** A lesson file that came in an archive with its pictures; they may lie in a folder of it. */
export async function compileUnpacked<T>(
  directory: string,
  topics: readonly Topic[],
  use: Use<T>,
): Promise<T | Refused> {
  const [first, ...more] = (await filesIn(directory)).filter((path) => LESSON_FILE.test(path))
  if (!first || more.length > 0)
    return refusal(
      problem('lesson-file-several', 400, 'The archive must hold one lesson file, and its pictures'),
    )
  const file = join(directory, first)
  return compile(file, dirname(file), topics, use)
}

async function compile<T>(
  file: string,
  pictures: string | null,
  topics: readonly Topic[],
  use: Use<T>,
): Promise<T | Refused> {
  if ((await stat(file)).size > MOST_BYTES)
    return refusal(problem('lesson-file-too-large', 413, `A lesson file has at most ${MOST_BYTES} bytes`))
  const text = decoded(await readFile(file))
  if (text === null)
    return refusal(problem('lesson-file-encoding', 400, 'Save the lesson file as text in UTF-8'))
  const directory = await mkdtemp(join(tmpdir(), 'h5p-'))
  try {
    const compiled = await compileLesson(text, pictures, directory, topics)
    if (!('problems' in compiled)) return await use(directory, compiled.change)
    const [first, ...more] = compiled.problems
    if (!first) throw new Error('a lesson file was refused without a reason')
    return refusal(first, ...more)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).normalize('NFC')
  } catch {
    return null
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
}

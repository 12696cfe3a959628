import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { libraryClosure } from '../own-libraries.ts'
import type { DraftChange, PackageProblem, Topic } from '../types.ts'
import { checkShape, topicIri } from './check.ts'
import { lessonContent } from './content.ts'
import { pictureFinder } from './pictures.ts'
import { readSource } from './source.ts'
import type { LessonFile } from './types.ts'

/** What a lesson file says of its lesson, beside the content. */
export interface Compiled {
  change: DraftChange
}

/**
 * Makes an unpacked H5P package (without libraries: ours are installed) in an empty folder from the text of a lesson
 * file and the folder that its pictures lie in, null without one. The same input makes the same bytes.
 */
export async function compileLesson(
  text: string,
  pictures: string | null,
  into: string,
  topics: readonly Topic[],
): Promise<Compiled | { problems: PackageProblem[] }> {
  const source = readSource(text)
  if ('problems' in source) return source
  const file = checkShape(source, topics)
  if ('problems' in file) return file
  const content = await lessonContent(file, source, pictureFinder(pictures, join(into, 'content')))
  if ('problems' in content) return content
  await mkdir(join(into, 'content'), { recursive: true })
  await writeFile(join(into, 'content', 'content.json'), JSON.stringify(content.params))
  const manifest = await manifestOf(file, content.library, content.params)
  await writeFile(join(into, 'h5p.json'), JSON.stringify(manifest))
  return { change: changeOf(file, topics) }
}

/** `h5p.json`, so that the lesson says the same of itself wherever its package goes. */
async function manifestOf(file: LessonFile, library: string, params: object) {
  const licence = licenceOf(file)
  return {
    title: file.title,
    language: file.language.slice(0, 2),
    defaultLanguage: file.language,
    mainLibrary: library.split(' ')[0],
    embedTypes: ['div'],
    license: licence?.code ?? 'U',
    ...(licence?.version && { licenseVersion: licence.version }),
    authors: (file.authors ?? []).map((name) => ({ name, role: 'Author' })),
    ...(file.source && { source: file.source }),
    preloadedDependencies: await libraryClosure([...librariesIn(params), library]),
  }
}

function librariesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = (value as { library?: unknown }).library
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(librariesIn)]
}

function licenceOf({ licence }: LessonFile): { code: string; version?: string } | undefined {
  if (!licence) return undefined
  const versioned = /^(CC BY.*) (\d\.\d)$/.exec(licence)
  return versioned ? { code: versioned[1]!, version: versioned[2]! } : { code: licence }
}

/** The details and rules of the lesson, those that the file gives. */
function changeOf(file: LessonFile, topics: readonly Topic[]): DraftChange {
  const { title, language, description, minutes, source, pass = 50, completion, assessed, anonymous } = file
  const licence = licenceOf(file)
  return {
    title,
    language,
    ...(description && { description: description.trim() }),
    ...(file.topics && { topics: file.topics.map((topic) => topicIri(topic, topics)!) }),
    ...(file.audience && { audience: file.audience as NonNullable<DraftChange['audience']> }),
    ...(minutes && { minutes }),
    ...(licence && { licence }),
    ...(file.authors && { authors: file.authors.map((name) => ({ name, role: 'Author' })) }),
    ...(source && { source }),
    ...(completion && {
      completion: completion === 'score' ? { by: completion, percent: pass } : { by: completion },
    }),
    ...(assessed && {
      mode: {
        kind: 'assessed',
        attempts: assessed.attempts,
        passPercent: pass,
        shuffle: assessed.shuffle ?? false,
      },
    }),
    ...(anonymous !== undefined && { anonymous }),
  }
}

import { contents } from '../collections.ts'
import { readBlob } from '../content/files.ts'
import { createMemory } from '../player/memory.ts'
import { machineName } from '../score/own.ts'
import { chaptersOf, pagesOf, type Questions, questionsOf } from '../score/questions.ts'
import type { Stores } from '../server.ts'
import type { ContentId } from '../types.ts'

/** What the server knows of content beforehand, and by which it judges how an attempt went. */
export interface ContentFacts {
  questions: Questions
  /** 0: not known. */
  pages: number
  /** Sub-content ids of pages that tell each by itself that they were read. */
  chapters: ReadonlySet<string>
}

/** Contents of which the questions are kept at hand; they never change. */
const KEPT = 200
const NOTHING: ContentFacts = { questions: { all: new Map(), asked: 0 }, pages: 0, chapters: new Set() }

/** `library`: the main one, `H5P.TrueFalse 1.8`. */
export type ReadFacts = (content: ContentId, library: string) => Promise<ContentFacts>

export function createContentFacts({ collections, blobs }: Stores): ReadFacts {
  const memory = createMemory<ContentFacts>(KEPT, () => 1)
  return async (content, library) => {
    const facts = await memory.get(content, async () => {
      const record = (await collections.get(contents, content))?.value
      if (!record) return null
      const parameters: unknown = JSON.parse(await readBlob(blobs, record.parameters))
      const name = machineName(library)
      return {
        questions: questionsOf(name, parameters),
        pages: pagesOf(name, parameters),
        chapters: chaptersOf(name, parameters),
      }
    })
    return facts ?? NOTHING
  }
}

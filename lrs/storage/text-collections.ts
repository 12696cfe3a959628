import type { Collection, Collections, Doc, Find, Operation } from './collections.ts'
import { inTurns } from './in-turns.ts'
import {
  type Declaration,
  declarationOf,
  mustBeBatch,
  type TextOperation,
  textOperation,
} from './text-operation.ts'

/** A document whose value is still text. */
export interface TextDoc {
  key: string
  text: string
  revision: number
}
export interface TextPage {
  docs: TextDoc[]
  /** Where to go on, null at the end. */
  next: string | null
}
export type TextBatchOutcome =
  | { ok: true /** Whether each key was there before. */; present: boolean[] }
  | { ok: false; failed: number }

/** What a store itself does for its collections. Values are JSON text; keys are well-formed. */
export interface TextCollections {
  get(collection: string, key: string): Promise<TextDoc | null>
  /** Of at least one key, each once. */
  getMany(collection: string, keys: readonly string[]): Promise<TextDoc[]>
  batch(operations: readonly TextOperation[]): Promise<TextBatchOutcome>
  find(collection: Declaration, find: Find): Promise<TextPage>
  scan(collection: string, options: Parameters<Collections['scan']>[1]): Promise<TextPage>
  count(collection: Declaration, find?: Pick<Find, 'index' | 'equals' | 'range'>): Promise<number>
}

const MOST_KEYS = 1_000
/** So many are turned into text, or read from it, in one go. */
const FEW = 20

/** The port's collections, the same on every store: every write is a batch, and what no store keeps is asked of none. */
export function collectionsOf(texts: TextCollections): Collections {
  const batch = async (operations: readonly Operation[]) =>
    texts.batch(
      operations.length > FEW ? await inTurns(operations, textOperation) : operations.map(textOperation),
    )
  const one = async (operation: Operation) => (await batch([operation])).ok

  return {
    async get<T>(collection: Collection<T>, key: string) {
      const doc = key.isWellFormed() ? await texts.get(collection.name, key) : null
      return doc && parse<T>(doc)
    },
    async getMany<T>(collection: Collection<T>, keys: readonly string[]) {
      if (keys.length > MOST_KEYS) throw new Error(`At most ${MOST_KEYS} keys at a time`)
      const wanted = new Set(keys.filter((key) => key.isWellFormed()))
      const docs = wanted.size === 0 ? [] : await texts.getMany(collection.name, [...wanted])
      return new Map((await parseAll<T>(docs)).map((doc) => [doc.key, doc]))
    },
    async put(collection, key, value, options) {
      await one({ op: 'put', collection, key, value, ...options })
    },
    insert: (collection, key, value, options) => one({ op: 'insert', collection, key, value, ...options }),
    replace: (collection, key, value, revision, options) =>
      one({ op: 'replace', collection, key, value, revision, ...options }),
    async delete(collection, key) {
      const outcome = await batch([{ op: 'delete', collection, key }])
      return outcome.ok && outcome.present[0] === true
    },
    async batch(operations) {
      mustBeBatch(operations)
      const outcome = await batch(operations)
      return outcome.ok ? { ok: true } : outcome
    },
    find: async <T>(collection: Collection<T>, find: Find) =>
      parsePage<T>(await texts.find(declarationOf(collection), find)),
    scan: async <T>(collection: Collection<T>, options: Parameters<Collections['scan']>[1]) =>
      parsePage<T>(await texts.scan(collection.name, options)),
    count: (collection, find) => texts.count(declarationOf(collection), find),
  }
}

function parse<T>({ key, text, revision }: TextDoc): Doc<T> {
  return { key, value: JSON.parse(text) as T, revision }
}

const parseAll = async <T>(docs: readonly TextDoc[]) =>
  docs.length > FEW ? await inTurns(docs, parse<T>) : docs.map(parse<T>)
const parsePage = async <T>({ docs, next }: TextPage) => ({ docs: await parseAll<T>(docs), next })

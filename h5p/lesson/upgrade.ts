import type { Collections, Operation } from '../../lrs/index.ts'
import { contents, lessons, settings } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import type { Draft, Lesson, Topic } from '../types.ts'
import { defaultCompletion } from './default-rule.ts'
import { licenceDataOf } from './licence.ts'
import { pinBuilds } from './pin.ts'
import { insertVersion, published, versionOf } from './publish.ts'
import { lessonShowing, recordOf } from './shape.ts'

const MARK = 'lessons-have-versions'
const STEP = 100

/** A lesson as it was kept before lessons had versions; its content lay under its own id. */
interface Before {
  id: string
  title: string
  description: string
  language: string
  topic: string
  author: string
  organisation?: string
  status: 'draft' | 'published'
  library: string
  minutes?: number
  created: number
  published: number | null
  withdrawn?: number
}

/**
 * Gives each lesson from before there were versions a draft and, where it was ever published, version 1. Each lesson is
 * one unit that can be told from those that are done, so that this may be cut off and done again, also by two at once.
 */
export async function giveVersions(collections: Collections, topics: HostDeps['topics']): Promise<void> {
  if (await collections.get(settings, MARK)) return
  let after: string | undefined
  do {
    const page = await collections.scan(lessons, { limit: STEP, ...(after !== undefined && { after }) })
    // What changed meanwhile another process saw to, or the next start will.
    for (const { key, value, revision } of page.docs)
      if (
        !('draft' in value) &&
        !(await giveVersion(collections, key, value as Before, revision, await topics()))
      )
        return
    after = page.next ?? undefined
  } while (after !== undefined)
  await collections.put(settings, MARK, true)
}

async function giveVersion(
  collections: Collections,
  key: string,
  before: Before,
  revision: number,
  topics: readonly Topic[],
): Promise<boolean> {
  const { title, description, language, topic, minutes, library, status, ...rest } = before
  const content = await collections.get(contents, key)
  const metadata = JSON.parse(content?.value.metadata ?? '{}') as Record<string, unknown>
  const { licence, authors, source } = licenceDataOf(metadata)
  const draft: Draft = {
    content: key,
    library,
    details: {
      title,
      description,
      language,
      topics: topic ? [topic] : [],
      audience: [],
      ...(minutes !== undefined && { minutes }),
      ...(licence && { licence }),
      authors,
      ...(source && { source }),
    },
    completion: defaultCompletion(library),
    mode: { kind: 'practice' },
    anonymous: false,
  }
  const { id, author, organisation, created, published: since, withdrawn } = rest
  const unpublished = lessonShowing(
    {
      id,
      author,
      ...(organisation !== undefined && { organisation }),
      status: 'draft',
      current: null,
      latest: 0,
      draft,
      created,
      published: since,
    },
    null,
  )
  const pins = content ? await pinBuilds(collections, key) : { builds: [], checks: [] }
  const version = versionOf(unpublished, {
    by: author,
    note: '',
    libraries: pins.builds,
    at: since ?? created,
  })
  const shown = published(unpublished, version)
  const withdrawnNow: Lesson = {
    ...shown,
    status: 'withdrawn',
    current: null,
    withdrawn: withdrawn ?? created,
  }
  const lesson = since === null ? unpublished : status === 'published' ? shown : withdrawnNow
  const operations: Operation[] = [
    { op: 'replace', collection: lessons, key, value: recordOf(lesson, topics), revision },
    ...(since === null ? [] : [insertVersion(version), ...pins.checks]),
  ]
  return (await collections.batch(operations)).ok
}

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BlobStore } from '../../lrs/index.ts'
import { readBlob } from '../content/files.ts'
import { getBuilds } from '../library/builds.ts'
import type { Stores } from '../server.ts'
import type { SentFile } from './files.ts'
import { createMemory } from './memory.ts'

/**
 * Scripts, and styles, of our own libraries as one file each: a dozen small ones cost a phone on a slow line more round
 * trips than bytes. The address names the builds, so that it stays valid for ever.
 */
const BUILD = String.raw`SuotDoi\.\w+-\d+\.\d+\.\d+-[0-9a-f]{16}`
const NAME = new RegExp(`^(${BUILD}(?:,${BUILD}){0,19})\\.(js|css)$`)
/** Kept in memory, bytes. */
const HELD = 8 * 1024 * 1024

interface Joined {
  file: SentFile
  read: BlobStore['open']
}

/** The one address for library files of our own, `/h5p/libraries/<build>/<path>`; none for none. */
export function joinedUrls(urls: readonly string[], kind: 'js' | 'css'): string[] {
  const builds = new Set(urls.map((url) => url.split('/')[3]!))
  return builds.size === 0 ? [] : [`/h5p/joined/${[...builds].join(',')}.${kind}`]
}

/** Finds a joined file by the last part of its address; null: it names what is not there. */
export function createJoined({ collections, blobs }: Stores): (name: string) => Promise<Joined | null> {
  const held = createMemory<Joined>(HELD, ({ file }) => file.size)

  async function make(name: string): Promise<Joined | null> {
    const [, keys = '', kind] = NAME.exec(name) ?? []
    const named = keys.split(',')
    const builds = await getBuilds(collections, named)
    const texts: string[] = []
    for (const key of named) {
      const build = builds.get(key)
      if (!build) return null
      const { preloadedJs = [], preloadedCss = [] } = JSON.parse(build.metadata) as Preloaded
      for (const { path } of kind === 'js' ? preloadedJs : preloadedCss)
        texts.push(await readBlob(blobs, build.files[path]!.sha2))
    }
    const bytes = Buffer.from(texts.join('\n'))
    const sha2 = createHash('sha256').update(bytes).digest('hex')
    return {
      file: { path: name, sha2, size: bytes.length, keep: 'forEver' },
      read: async () => ({ content: Readable.from([bytes]), size: bytes.length }),
    }
  }

  return (name) => held.get(name, () => make(name))
}
interface Preloaded {
  preloadedJs?: { path: string }[]
  preloadedCss?: { path: string }[]
}

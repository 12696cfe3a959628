import { type Collections, defineCollection } from '../../lrs/index.ts'

/** A rebuild that goes on now, in any process. */
export interface Rebuilding {
  since: number
  /** How much of it is done, from 0 to 1. */
  share: number
}

/** Key: `now`. It stays for as long as it is told anew. */
const REBUILDING = defineCollection<Rebuilding>('profiles.rebuilding')
const KEY = 'now'
/** ms */
const TOLD_EVERY = 1_000
/** Of one that a kill cut short nothing is told any more after so long, ms. */
const SILENT_AFTER = 60_000

export async function readRebuilding(collections: Collections): Promise<Rebuilding | null> {
  return (await collections.get(REBUILDING, KEY))?.value ?? null
}

/** Runs a rebuild so that everybody sees how far it is. */
export async function tellingOfIt<T>(
  collections: Collections,
  now: () => number,
  run: (progress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const since = now()
  let [last, written] = [since, write(0)]
  try {
    return await run((done, total) => {
      if (now() - last < TOLD_EVERY) return
      last = now()
      const share = done / total
      written = written.then(() => write(share))
    })
  } finally {
    await written
    await collections.delete(REBUILDING, KEY).catch(() => {})
  }

  /** Where it cannot be told, the rebuild itself says what is wrong. */
  function write(share: number): Promise<void> {
    const value = { since, share }
    return collections.put(REBUILDING, KEY, value, { expires: now() + SILENT_AFTER }).catch(() => {})
  }
}

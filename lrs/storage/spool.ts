import { open } from 'node:fs/promises'
import type { PackedRecords } from './packed.ts'

/** A file of packed records (packed.ts), one group behind the other. */
export interface Spooled {
  /** Statements. */
  count: number
  /** Bytes of each group. */
  groups: number[]
}

/** Keeps packed records in a new file until all have come. It is not synced: with the process it is worth nothing. */
export async function spool(stream: AsyncIterable<PackedRecords>, path: string): Promise<Spooled> {
  const file = await open(path, 'wx', 0o600)
  const spooled: Spooled = { count: 0, groups: [] }
  try {
    for await (const { ids, bytes } of stream) {
      const { length } = bytes
      for (let done = 0; done < length; ) {
        done += (await file.write(bytes, done, length - done)).bytesWritten
      }
      // Given back at once: megabytes would pile up until the next collection of garbage.
      bytes.buffer.transfer(0)
      spooled.count += ids.length
      spooled.groups.push(length)
    }
  } finally {
    await file.close()
  }
  return spooled
}

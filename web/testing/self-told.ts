import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BlobStore } from '../../lrs/index.ts'
import { createCertificates, createDiary, createEvidences } from '../../profiles/index.ts'

/** The diary, certificates and their files as they are, over what is in memory. */
export function selfToldParts(deps: Omit<Parameters<typeof createDiary>[0], 'forget'>) {
  const evidence = createEvidences({ ...deps, blobs: memoryBlobs() })
  const selfTold = { ...deps, forget: evidence.removeAll }
  return { evidence, diary: createDiary(selfTold), certificates: createCertificates(selfTold) }
}

function memoryBlobs(): Pick<BlobStore, 'put' | 'open' | 'hold'> {
  const all = new Map<string, Buffer>()
  return {
    async put(content) {
      const whole = Buffer.concat(await Array.fromAsync(content))
      const sha2 = createHash('sha256').update(whole).digest('hex')
      all.set(sha2, whole)
      return { sha2, size: whole.length }
    },
    async open(sha2, range) {
      const whole = all.get(sha2)
      if (!whole) return null
      const piece = range ? whole.subarray(range.start, range.end + 1) : whole
      return { size: whole.length, content: Readable.from([piece]) }
    },
    hold: async () => true,
  }
}

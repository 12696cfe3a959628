import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { IKeyValueStorage, ILockProvider } from '@lumieducation/h5p-server'
import type { Collections } from '../../lrs/index.ts'
import { locks, settings } from '../collections.ts'

/** What the H5P server keeps between starts. */
export function createKeyValueStorage(collections: Collections): IKeyValueStorage {
  return {
    async load(key) {
      return (await collections.get(settings, `value:${key}`))?.value
    },
    async save(key, value) {
      await collections.put(settings, `value:${key}`, value)
    },
  }
}

/** A lock over all processes: whoever inserts the document holds it; it expires with the longest time its work may take. */
export function createLockProvider(collections: Collections): ILockProvider {
  return {
    async acquire(key, work, { timeout, maxOccupationTime }) {
      const holder = randomUUID()
      const givesUp = Date.now() + timeout
      while (
        !(await collections.insert(locks, key, { holder }, { expires: Date.now() + maxOccupationTime }))
      ) {
        if (Date.now() >= givesUp) throw new Error('timeout')
        await pause(25)
      }
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('occupation-time-exceeded')), maxOccupationTime)
      })
      try {
        return await Promise.race([work(), tooLong])
      } finally {
        clearTimeout(timer)
        const mine = await collections.get(locks, key)
        if (mine?.value.holder === holder)
          await collections.batch([{ collection: locks, key, op: 'delete', revision: mine.revision }])
      }
    },
  }
}

/** The secret that signs attempt tokens: made once per tenant, the same in every process. */
export async function tokenSecret(collections: Collections): Promise<Buffer> {
  const key = 'token-secret'
  await collections.insert(settings, key, randomBytes(32).toString('base64url'))
  const found = await collections.get(settings, key)
  if (typeof found?.value !== 'string') throw new Error('the token secret could not be stored')
  return Buffer.from(found.value, 'base64url')
}

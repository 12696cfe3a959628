import { existsSync } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Extent, type Holdings, portionsOf, type ReadPage, sortedTenants } from '../../holding.ts'
import { StorageUnavailable, type TenantId } from '../../port.ts'
import { NEWEST } from '../migrations/index.ts'
import { blobPath } from '../operations/blobs.ts'
import { createThread } from '../threads/thread.ts'
import type { TellerTask } from './teller-task.ts'

/**
 * What a data folder keeps, or a backup of one, as it is at one moment; nothing of it is changed. Rejects with
 * StorageUnavailable, in words, when there is none, or one of another version.
 */
export async function holdingsOf(directory: string): Promise<Holdings> {
  const files = await readdir(join(directory, 'tenants')).catch(() => [])
  const tenants = sortedTenants(files.filter((file) => file.endsWith('.db')).map((file) => file.slice(0, -3)))
  const pathOf = (tenant: TenantId | null) =>
    tenant === null ? join(directory, 'system.db') : join(directory, 'tenants', `${tenant}.db`)
  if (!existsSync(pathOf(null))) throw new StorageUnavailable(`There is no data of suotdoi in ${directory}`)
  const teller = createThread(new URL('../threads/teller.ts', import.meta.url), {})
  const ask = async <T>(task: TellerTask) => (await teller.call({ tell: task })) as T
  try {
    const extents: Extent[] = []
    for (const tenant of tenants) {
      const path = pathOf(tenant)
      // What nobody writes, and is whole without a log, is read without a trace.
      const isStill = !(await stat(`${path}-wal`).catch(() => null))
      const { schema, extent } = await ask<{ schema: number; extent: Extent }>({
        what: 'open',
        path,
        tenant,
        isStill,
      })
      if (schema !== NEWEST) throw new StorageUnavailable(otherVersion(directory, schema))
      extents.push(extent)
    }
    const read = ((tenant, part, after) =>
      ask({ what: 'page', path: pathOf(tenant), part, after })) as ReadPage
    return {
      extents,
      portions: (from) => portionsOf(tenants, read, from),
      async content(tenant, sha2) {
        const file = await open(blobPath(join(directory, 'blobs', tenant), sha2), 'r').catch(
          (error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOENT') return null
            throw new StorageUnavailable(error.message)
          },
        )
        return file?.createReadStream() ?? null
      },
      close: () => teller.close(),
    }
  } catch (error) {
    await teller.close()
    throw error
  }
}

const otherVersion = (directory: string, schema: number) =>
  schema > NEWEST
    ? `${directory} was written by a newer version (schema ${schema}, this one knows ${NEWEST}); do it with that version`
    : `${directory} was last used by an older version (schema ${schema}, this one has ${NEWEST}); start the server of this version on it once, stop it, and give the command again`

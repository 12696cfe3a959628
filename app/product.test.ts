import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ATTENDANCES } from '../profiles/classes/documents.ts'
import { readConfig } from './config.ts'
import { createLog } from './observability/log.ts'
import { createMetrics } from './observability/metrics.ts'
import { buildProduct } from './product.ts'
import { openServices } from './services.ts'

test('one word that cannot be told keeps nobody from the product', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'product-'))
  const read = readConfig({ DATA_DIR: dataDir })
  if (!read.ok) throw new Error(read.messages.join())
  const opened = await openServices(read.config, { publicUrl: () => 'http://localhost' })
  if (!opened.ok) throw new Error(opened.message)
  const { services } = opened
  // Of an organisation that is not there.
  await services.tenantStorage.collections.insert(ATTENDANCES, 'x/y', {
    ...{ class: 'x', organisation: 'gone', person: 'y', added: 1, changed: 1, by: 'z' },
    ...{ state: 'entered', telling: 't', pending: [{}], waiting: 1 },
  })
  await expect(services.classes.resume()).rejects.toThrow()
  const product = await buildProduct(services, read.config, createLog('silent'), createMetrics())
  expect(product.app).toBeDefined()
  await product.consumers.stop()
  await product.stop()
  await services.close()
  await rm(dataDir, { recursive: true })
})

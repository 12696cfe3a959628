import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAudit } from '../lrs/index.ts'
import { openSqlite } from '../lrs/storage/sqlite/index.ts'
import { type Config, readConfig } from './config.ts'
import { noteConfiguration } from './configuration-audit.ts'

function configOf(environment: Record<string, string>): Config {
  const read = readConfig(environment)
  if (!read.ok) throw new Error(read.messages.join())
  return read.config
}

test('what is set otherwise than at the last start is one entry, and no secret is in it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'configuration-'))
  const storage = await openSqlite({ directory })
  await storage.migrate()
  const entries = async () =>
    (await readAudit([storage.system], 'main', { kind: 'configuration', limit: 10 })).entries
  const secret = 'a-secret-of-the-environment'
  await noteConfiguration(storage, 'main', configOf({ PORT: '8080' }))
  const first = (await entries())[0]?.detail.changed
  expect(first).toEqual(expect.arrayContaining(['PORT: 8080', 'LRS_SECRET: not set', 'STORE_URL: set']))

  await noteConfiguration(storage, 'main', configOf({ PORT: '8080' }))
  expect(await entries()).toHaveLength(1)

  await noteConfiguration(storage, 'main', configOf({ PORT: '9090', LRS_KEY: 'lms-key', LRS_SECRET: secret }))
  const [changed] = await entries()
  expect(changed).toMatchObject({ actor: 'start', action: 'configuration-change' })
  expect(changed?.detail.changed).toEqual(['LRS_SECRET: not set → set', 'PORT: 8080 → 9090'])
  expect(JSON.stringify(await entries())).not.toContain(secret)

  const beside = { system: storage.system, shared: true }
  await noteConfiguration(beside, 'main', configOf({ PORT: '9090' }))
  const before = await entries()
  await noteConfiguration(beside, 'main', configOf({ PORT: '9091', DATA_DIR: '/srv/other' }))
  expect(await entries()).toEqual(before)
  await storage.close()
  await rm(directory, { recursive: true })
})

import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { openServices } from './services.ts'

let dataDir: string
const mask = process.umask()
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'services-'))
})
afterEach(async () => {
  process.umask(mask)
  await rm(dataDir, { recursive: true })
})
async function open() {
  const read = readConfig({ DATA_DIR: dataDir })
  if (!read.ok) throw new Error(read.messages.join())
  return openServices(read.config)
}

test('data that cannot be opened is told in words, and the folder is free for the next try', async () => {
  await writeFile(
    join(dataDir, 'system.db'),
    'this is no database at all, whatever its name says'.repeat(100),
  )
  for (let tries = 0; tries < 2; tries++) {
    const opened = await open()
    expect(opened.ok ? 'opened' : opened.message).toMatch(
      /^The data in .* cannot be opened \(file is not a database\)/,
    )
  }
  await rm(join(dataDir, 'system.db'))
  await mkdir(join(dataDir, 'tenants'))
  await writeFile(join(dataDir, 'tenants', 'main.db'), 'nor is this one'.repeat(300))
  const opened = await open()
  expect(opened.ok ? 'opened' : opened.message).toContain('cannot be opened')
})

test('what is kept is readable for its owner alone, also in a folder that everybody may read', async () => {
  await chmod(dataDir, 0o755)
  const opened = await open()
  if (!opened.ok) throw new Error(opened.message)
  await opened.services.tenantStorage.statements.count()
  for (const file of ['system.db', 'system.db-wal', join('tenants', 'main.db')])
    expect((await stat(join(dataDir, file))).mode & 0o077, file).toBe(0)
  await opened.services.close()
})

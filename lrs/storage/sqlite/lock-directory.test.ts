import { spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from './index.ts'
import { lockDirectory } from './lock-directory.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** Another process that holds the lock, or says that it could not have it. */
async function otherProcess() {
  const script = `
    import { lockDirectory } from ${JSON.stringify(new URL('lock-directory.ts', import.meta.url).href)}
    console.log(lockDirectory(${JSON.stringify(directory)}) ? 'held' : 'refused')
    globalThis.gc()
    console.log('collected')
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', script])
  // What nobody refers to is collected before anything is asked of the lock.
  let printed = ''
  for await (const [chunk] of on(child.stdout, 'data')) {
    printed += chunk
    if (printed.includes('collected')) break
  }
  const kill = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { answer: printed.split('\n')[0], kill }
}

test('a folder is locked once, in this process and in others, until it is released', async () => {
  const release = lockDirectory(directory)
  expect(release).not.toBeNull()
  expect(lockDirectory(directory)).toBeNull()
  const refused = await otherProcess()
  expect(refused.answer).toBe('refused')
  await refused.kill()
  release!()
  const again = lockDirectory(directory)
  expect(again).not.toBeNull()
  again!()
})

test('the lock of a killed process is free at once', async () => {
  const holder = await otherProcess()
  expect(holder.answer).toBe('held')
  expect(lockDirectory(directory)).toBeNull()
  await holder.kill()
  const release = lockDirectory(directory)
  expect(release).not.toBeNull()
  release!()
})

test('the store of a locked folder opens and works', async () => {
  const release = lockDirectory(directory)!
  const storage = await openSqlite({ directory })
  await storage.system.put({ name: 'c', indexes: {} }, 'k', 1)
  await storage.close()
  expect(lockDirectory(directory)).toBeNull()
  release()
})

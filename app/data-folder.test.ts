import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeDataFolder, whyFolderFails } from './data-folder.ts'

let folder: string
const mask = process.umask()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-folder-'))
})
afterEach(async () => {
  process.umask(mask)
  await rm(folder, { recursive: true })
})
function refusal(path: string): string {
  const taken = takeDataFolder(path)
  if (taken.ok) taken.release()
  return taken.ok ? 'taken' : taken.message
}

describe('the data folder', () => {
  test('is made with all that leads to it, for its owner alone, and taken once', async () => {
    const path = join(folder, 'a', 'b', 'data')
    const taken = takeDataFolder(path)
    if (!taken.ok) throw new Error(taken.message)
    for (const made of [join(folder, 'a'), join(folder, 'a', 'b'), path])
      expect((await stat(made)).mode & 0o077, made).toBe(0)
    expect(refusal(path)).toMatch(/^Another server or command already uses/)
    taken.release()
    expect(refusal(path)).toBe('taken')
  })

  test('that is a file, or lies in one, is told in words', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    for (const path of [file, join(file, 'data')])
      expect(refusal(path)).toMatch(/cannot be used: it, or a part of its path, is a file\. .*DATA_DIR/)
  })

  test.runIf(process.platform === 'linux')('where the system lets nothing be made is told, at once', () => {
    expect(refusal('/proc/nope')).toMatch(/cannot be used: the system makes no folder there\. .*DATA_DIR/)
    expect(refusal('/proc/nope/deeper/data')).toContain('cannot be used')
  })

  test('of a full or read-only disk is told as such, whoever noticed; a bug is not', () => {
    const why = (about: object) => whyFolderFails('/srv/data', Object.assign(new Error('x'), about))
    expect(why({ code: 'ENOSPC' })).toContain('its disk is full')
    expect(why({ name: 'StorageUnavailable', errcode: 13 })).toContain('its disk is full')
    expect(why({ code: 'EROFS' })).toContain('read-only')
    expect(why({ code: 'EACCES' })).toContain('may not write there')
    expect(why({ name: 'StorageUnavailable', message: 'disk I/O error' })).toContain('disk I/O error')
    expect(why({ name: 'TypeError' })).toBeNull()
  })
})

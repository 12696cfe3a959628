import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { lockDirectory } from '../lrs/storage/sqlite/index.ts'

/** Makes the data folder where it is not there, and takes it for this process. A value says in words why that cannot be. */
export function takeDataFolder(
  dataDir: string,
): { ok: true; release: () => void } | { ok: false; message: string } {
  try {
    // What it keeps is for this account alone, also in a folder that was there before.
    process.umask(0o077)
    makeFolder(dataDir)
    const release = lockDirectory(dataDir)
    if (release) return { ok: true, release }
  } catch (error) {
    return { ok: false, message: `The data folder ${dataDir} cannot be used: ${whatToDo(error)}` }
  }
  return {
    ok: false,
    message: `Another server or command already uses ${dataDir}. Stop it first, or choose another folder with DATA_DIR.`,
  }
}

/** Not Node's recursive one: where the system lets nothing be made (/proc), that never ends. */
function makeFolder(path: string): void {
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}

function isFolder(path: string): boolean {
  const known = statSync(path, { throwIfNoEntry: false })
  if (known && !known.isDirectory()) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' })
  return known !== undefined
}

/** Why a start failed on the way, where that was the disk's doing; null: a bug. */
export function whyFolderFails(dataDir: string, error: unknown): string | null {
  const { code = '', name } = error as { code?: string; name?: string }
  if (name !== 'StorageUnavailable' && !(code in WORDS)) return null
  return `The data folder ${dataDir} cannot be used: ${whatToDo(error)}`
}

function whatToDo(error: unknown): string {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message?: string }
  const words = WORDS[code ?? ''] ?? WORDS[typeof errcode === 'number' ? `SQLITE ${errcode & 0xff}` : '']
  return (
    words ?? `${message ?? String(error)}. Make it usable for this account, or choose another with DATA_DIR.`
  )
}

const NOT_WRITABLE =
  'this account may not write there. Make it and its files writable, or choose another folder with DATA_DIR.'
const FULL = 'its disk is full. Free some of it, or choose a folder on another disk with DATA_DIR.'
const READ_ONLY =
  'its file system is read-only. Mount it for writing, or choose another folder with DATA_DIR.'
/** What a system's refusal means for who starts the server, by Node's codes and SQLite's. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  'SQLITE 8': NOT_WRITABLE,
  'SQLITE 14': NOT_WRITABLE,
  ENOSPC: FULL,
  EDQUOT: FULL,
  'SQLITE 13': FULL,
  EROFS: READ_ONLY,
  ENOTDIR: 'it, or a part of its path, is a file. Move that away, or choose another folder with DATA_DIR.',
  ENOENT: 'the system makes no folder there. Choose another with DATA_DIR.',
}

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { MANIFEST, type Manifest, SUMS } from '../../manifest.ts'
import { type BackupOptions, type BackupOutcome, StorageUnavailable, type TenantId } from '../../port.ts'
import { isOutage } from '../connection.ts'
import type { Database } from '../database.ts'
import { fsyncFolder } from '../operations/blobs.ts'
import type { Place } from '../threads/messages.ts'
import { createThread, type Thread } from '../threads/thread.ts'
import type { CopiedBlobs, CopierTask, Described } from './copier-task.ts'

export interface Source {
  directory: string
  /** In the order in which they are copied: the system's own last, so that no statement names a source it lacks. */
  databases: { tenant: TenantId | null; place: Place; database: Pick<Database, 'read'> }[]
  writer: Thread
}

/** What must stay free beside the copy. */
const SPARE = 64_000_000

/**
 * Copies the store into `folder` while it goes on (docs/adr/0015-backup.md): each database by its writer, between the
 * commits, then its blobs, which never change; everything is on disk before the folder gets its name. What a killed one
 * left is removed by the next.
 */
export async function backUp(source: Source, folder: string, options: BackupOptions): Promise<BackupOutcome> {
  const begun = Date.now()
  const target = resolve(folder)
  const refusal = await whyNot(source, target)
  if (refusal) return refusal
  const partial = `${target}.partial`
  const copier = createThread(new URL('../threads/copier.ts', import.meta.url), {})
  try {
    await rm(partial, { recursive: true, force: true })
    await mkdir(partial, { recursive: true, mode: 0o700 })
    const made = await copyAll(source, partial, copier, options, begun)
    await rename(partial, target)
    fsyncFolder(dirname(target))
    return { ok: true, folder: target, ...made, ms: Date.now() - begun }
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {})
    if (options.signal?.aborted) throw options.signal.reason
    throw isOutage(error) ? new StorageUnavailable((error as Error).message) : error
  } finally {
    await copier.close()
  }
}

async function whyNot(
  { directory, databases }: Source,
  target: string,
): Promise<Extract<BackupOutcome, { ok: false }> | null> {
  if (existsSync(target)) return { ok: false, refusal: 'exists' }
  const way = relative(resolve(directory), target)
  if (way === '' || !(way.startsWith(`..${sep}`) || way === '..' || resolve(way) === way))
    return { ok: false, refusal: 'inside' }
  const parent = await mkdir(dirname(target), { recursive: true, mode: 0o700 }).then(
    () => statfs(dirname(target)),
    (error: Error) => error.message,
  )
  if (typeof parent === 'string') return { ok: false, refusal: 'unwritable', reason: parent }
  let needed = SPARE
  for (const { tenant, place, database } of databases) {
    needed += (await sizeOf(place.path)) + (await sizeOf(`${place.path}-wal`))
    if (tenant !== null) needed += await database.read('blobs.bytes')
  }
  const free = parent.bavail * parent.bsize
  return free < needed ? { ok: false, refusal: 'room', needed, free } : null
}

async function copyAll(
  { directory, databases, writer }: Source,
  partial: string,
  copier: Thread,
  { progress, signal, about }: BackupOptions,
  begun: number,
): Promise<{ bytes: number; blobs: number; damaged: Manifest['damaged'] }> {
  const ask = async <T>(task: CopierTask) => {
    signal?.throwIfAborted()
    return (await copier.call({ task })) as T
  }
  const sums = createSums(join(partial, SUMS))
  const manifest: Pick<Manifest, 'databases' | 'damaged'> = { databases: [], damaged: [] }
  let done = 0
  let total = 0
  for (const { place } of databases) total += await sizeOf(place.path)

  for (const { tenant, place } of databases) {
    const path = relative(directory, place.path)
    const to = join(partial, path)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    const before = done
    await copyDatabase(writer, place, to, signal, (bytes) => {
      done = before + bytes
      progress?.(done, Math.max(total, done))
    })
    const { digest, size } = await ask<{ digest: string; size: number }>({ kind: 'digest', path: to })
    const described = await ask<Described>({ kind: 'describe', database: to })
    done = before + size
    total += described.blobBytes
    sums.add(digest, path)
    manifest.databases.push({ tenant, path, bytes: size, sha256: digest, ...described })
    if (tenant !== null) await copyBlobsOf(tenant, place, to)
  }

  async function copyBlobsOf(tenant: TenantId, place: Place, database: string): Promise<void> {
    const folder = join('blobs', tenant)
    for (let after: string | null = ''; after !== null; ) {
      const to = join(partial, folder)
      const step: CopiedBlobs = await ask({ kind: 'blobs', database, from: place.blobs, to, after })
      for (const { digest, sha2, size } of step.copied) {
        if (digest !== sha2) manifest.damaged.push({ tenant, sha2, what: 'changed' })
        sums.add(digest, join(folder, sha2.slice(0, 2), sha2))
        done += size
      }
      for (const sha2 of step.missing) manifest.damaged.push({ tenant, sha2, what: 'missing' })
      await sums.write()
      progress?.(done, Math.max(total, done))
      after = step.next
    }
    for (const name of [folder, 'blobs'])
      if (existsSync(join(partial, name))) fsyncFolder(join(partial, name))
  }

  const whole: Manifest = {
    format: 'suotdoi-backup',
    formatVersion: 1,
    begun: new Date(begun).toISOString(),
    made: new Date().toISOString(),
    about: about ?? null,
    ...manifest,
    sums: await sums.end(),
  }
  await writeDurably(join(partial, MANIFEST), `${JSON.stringify(whole, null, 2)}\n`)
  for (const { path } of manifest.databases) fsyncFolder(dirname(join(partial, path)))
  fsyncFolder(partial)
  const blobs = manifest.databases.reduce((n, one) => n + one.blobs, 0)
  return { bytes: done, blobs, damaged: manifest.damaged }
}

/** How often the copy that grows is brought to disk, so that its last step, during which writers wait, has little to do. */
const SYNC_EVERY = 200

async function copyDatabase(
  writer: Thread,
  place: Place,
  to: string,
  signal: AbortSignal | undefined,
  progress: (bytes: number) => void,
): Promise<void> {
  const control = new Int32Array(new SharedArrayBuffer(12))
  const stop = () => Atomics.store(control, 0, 1)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', stop)
  let ended = false
  const following = (async () => {
    let file: FileHandle | null = null
    while (!ended) {
      await setTimeout(SYNC_EVERY)
      file ??= await open(to, 'r+').catch(() => null)
      await file?.datasync().catch(() => {})
      if (file && !ended) progress((await file.stat()).size)
    }
    await file?.close()
  })()
  try {
    await writer.call({ copy: { place, to, control } })
  } finally {
    ended = true
    signal?.removeEventListener('abort', stop)
    await following
  }
}

/** The list of digests, written as it grows. */
function createSums(path: string) {
  const hash = createHash('sha256')
  let lines = ''
  let files = 0
  const write = async () => {
    hash.update(lines)
    await appendFile(path, lines, { mode: 0o600 })
    lines = ''
  }
  return {
    add(digest: string, name: string): void {
      lines += `${digest}  ${name.split(sep).join('/')}\n`
      files++
    },
    write,
    async end(): Promise<Manifest['sums']> {
      await write()
      await synced(path, 'r+', async () => {})
      return { sha256: hash.digest('hex'), files }
    },
  }
}

const writeDurably = (path: string, text: string) => synced(path, 'wx', (file) => file.writeFile(text))

async function synced(path: string, flags: string, act: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await act(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

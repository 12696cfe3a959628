import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { type Manifest, SUMS } from './manifest.ts'

/** The files of a backup with their digests, but for the manifest; a string says in words why they cannot be told. */
export async function listedFiles(
  folder: string,
  manifest: Manifest,
): Promise<{ name: string; digest: string }[] | string> {
  const text = await readFile(join(folder, SUMS), 'utf8').catch(() => '')
  if (createHash('sha256').update(text).digest('hex') !== manifest.sums.sha256)
    return `${SUMS} is damaged or missing. Nothing was restored. Take another copy of this backup, or an older one.`
  const root = resolve(folder)
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ digest: line.slice(0, 64), name: line.slice(66) }))
    .filter(({ name }) => resolve(folder, name).startsWith(`${root}${sep}`))
}

/** Names of those that are not as they were when the backup was made. */
export async function compareFiles(
  folder: string,
  files: readonly { name: string; digest: string }[],
  progress: (done: number, total: number) => void,
): Promise<{ damaged: string[]; bytes: number }> {
  const sizes = await Promise.all(
    files.map(({ name }) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const damaged: string[] = []
  let done = 0
  for (const [at, { name, digest }] of files.entries()) {
    if ((await digestOfStream(join(folder, name))) !== digest) damaged.push(name)
    done += sizes[at] ?? 0
    progress(done, bytes)
  }
  return { damaged, bytes }
}

/** null: it cannot be read. */
async function digestOfStream(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1_048_576 }))
      hash.update(piece as Buffer)
    return hash.digest('hex')
  } catch {
    return null
  }
}

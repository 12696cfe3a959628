import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { isSafePath } from '../content/files.ts'
import type { Limits } from '../limits.ts'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'

const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open)
const BOMB_FROM = 1024 * 1024

/**
 * Checks a package's table of contents against the limits, without unpacking: size, count, ratio, kinds and paths.
 * What it says of sizes is checked again while unpacking (yauzl refuses an entry that unpacks to another size).
 */
export async function inspectArchive(
  file: string,
  limits: Limits,
): Promise<{ entries: string[]; problems: PackageProblem[] }> {
  const { size } = await stat(file)
  if (size > limits.packageBytes)
    return only(
      problem(
        'h5p-package-too-large',
        413,
        `The package has ${size} bytes, ${limits.packageBytes} are allowed`,
        {
          size: megabytes(size),
          limit: megabytes(limits.packageBytes),
        },
      ),
    )
  let zip: ZipFile
  try {
    zip = await open(file, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: true,
      validateEntrySizes: true,
    })
  } catch {
    return only(
      problem('h5p-not-a-package', 400, 'The file is not a ZIP archive; choose a file made by an H5P editor'),
    )
  }
  const problems: PackageProblem[] = []
  const entries: string[] = []
  let unpacked = 0
  try {
    for await (const entry of entriesOf(zip)) {
      const path = entry.fileName
      if (path.endsWith('/')) continue
      if (entries.length >= limits.files) {
        problems.push(
          problem('h5p-too-many-files', 400, `The package holds more than ${limits.files} files`, {
            limit: limits.files,
          }),
        )
        break
      }
      entries.push(path)
      if (isIgnored(path)) continue
      unpacked += entry.uncompressedSize
      problems.push(...entryProblems(entry, limits))
    }
    if (unpacked > limits.unpackedBytes)
      problems.push(
        problem('h5p-unpacked-too-large', 413, `The package unpacks to ${unpacked} bytes`, {
          size: megabytes(unpacked),
          limit: megabytes(limits.unpackedBytes),
        }),
      )
  } catch (error) {
    problems.push(entryError(error))
  } finally {
    zip.close()
  }
  return { entries, problems }
}

/** Unpacks what is wanted of an inspected package into a folder of our own, in which nothing of it is yet. */
export async function unpackArchive(
  file: string,
  into: string,
  wanted: (path: string) => boolean = () => true,
): Promise<PackageProblem[]> {
  const zip = await open(file, {
    lazyEntries: true,
    autoClose: false,
    decodeStrings: true,
    validateEntrySizes: true,
  })
  const openEntry = promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))
  let current = ''
  try {
    for await (const entry of entriesOf(zip)) {
      current = entry.fileName
      if (current.endsWith('/') || isIgnored(current) || !wanted(current)) continue
      const target = join(into, current)
      await mkdir(dirname(target), { recursive: true })
      await pipeline(await openEntry(entry), createWriteStream(target, { flags: 'wx' }))
    }
    return []
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error
    return [
      problem(
        'h5p-file-unreadable',
        400,
        `The file ${current} cannot be unpacked: ${(error as Error).message}`,
        {
          file: current,
        },
      ),
    ]
  } finally {
    zip.close()
  }
}

function entryProblems(entry: Entry, limits: Limits): PackageProblem[] {
  const path = entry.fileName
  if (!isSafePath(path)) return [outside(path)]
  const found: PackageProblem[] = []
  const { uncompressedSize: size, compressedSize: packed } = entry
  if (size > limits.fileBytes)
    found.push(
      problem('h5p-file-too-large', 413, `${path} has ${size} bytes, ${limits.fileBytes} are allowed`, {
        file: path,
        size: megabytes(size),
        limit: megabytes(limits.fileBytes),
      }),
    )
  if (size > BOMB_FROM && size > packed * limits.ratio)
    found.push(
      problem('h5p-bomb', 400, `${path} unpacks to more than ${limits.ratio} times its size`, {
        file: path,
        limit: limits.ratio,
      }),
    )
  if (!path.includes('/')) return found
  const kind = extname(path).slice(1).toLowerCase()
  const inContent = path.toLowerCase().startsWith('content/')
  const allowed = inContent ? limits.contentKinds : [...limits.contentKinds, ...limits.libraryKinds]
  if (!allowed.includes(kind))
    found.push(
      problem('h5p-file-kind', 400, `${path}: files of this kind are not allowed in a lesson`, {
        file: path,
        kind: kind || path.split('/').at(-1)!,
      }),
    )
  return found
}

/** Hidden files and those with a leading underscore are left by operating systems and never unpacked. */
function isIgnored(path: string): boolean {
  return /^__MACOSX\/|(^|\/)[._][^/]*$/.test(path) && !path.split('/').includes('..')
}

function entryError(error: unknown): PackageProblem {
  const message = error instanceof Error ? error.message : String(error)
  const path = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/.exec(
    message,
  )?.[1]
  return path === undefined
    ? problem('h5p-not-a-package', 400, `The archive is damaged: ${message}`)
    : outside(path)
}

function outside(path: string): PackageProblem {
  return problem('h5p-path-outside', 400, `The file name ${path} points outside of the package`, {
    file: path,
  })
}

function only(one: PackageProblem) {
  return { entries: [], problems: [one] }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  const waiting: ((entry: Entry | null) => void)[] = []
  let fail: (error: Error) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  zip.on('entry', (entry: Entry) => waiting.shift()?.(entry))
  zip.on('end', () => waiting.shift()?.(null))
  zip.on('error', (error: Error) => fail(error))
  while (true) {
    const next = new Promise<Entry | null>((resolve) => waiting.push(resolve))
    zip.readEntry()
    const entry = await Promise.race([next, failed])
    if (entry === null) return
    yield entry
  }
}

function megabytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10
}

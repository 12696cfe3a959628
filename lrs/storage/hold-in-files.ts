import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { HeldParts, Holdings, Place, Portion } from './holding.ts'
import { MANIFEST, type Manifest, SUMS } from './manifest.ts'
import { itemsOf } from './move.ts'
import type { BackupOptions, BackupOutcome, TenantId } from './port.ts'

const fileOf = (tenant: TenantId | null) =>
  tenant === null ? 'system.jsonl.gz' : `tenants/${tenant}.jsonl.gz`
const blobOf = (tenant: TenantId, sha2: string) => `blobs/${tenant}/${sha2.slice(0, 2)}/${sha2}`

/**
 * Writes holdings into a new folder: for each tenant a file of portions, one a line, and each blob as a file. Until all of
 * it is on disk the folder is called `.partial`. Rejects with the signal's reason when that stops it.
 */
export async function keepInFiles(
  holdings: Holdings,
  folder: string,
  { progress, signal, about }: BackupOptions,
): Promise<BackupOutcome> {
  const begun = Date.now()
  const target = resolve(folder)
  if (existsSync(target)) return { ok: false, refusal: 'exists' }
  const partial = `${target}.partial`
  try {
    await rm(partial, { recursive: true, force: true })
    await mkdir(join(partial, 'tenants'), { recursive: true, mode: 0o700 })
  } catch (error) {
    return { ok: false, refusal: 'unwritable', reason: (error as Error).message }
  }
  try {
    const total = holdings.extents.reduce((sum, extent) => sum + itemsOf(extent), 0)
    let items = 0
    const made = await writeAll(holdings, partial, (more) => {
      signal?.throwIfAborted()
      items += more
      progress?.(Math.min(items, total), total)
    })
    const sums = made.files.map(({ digest, name }) => `${digest}  ${name}\n`).join('')
    await writeFile(join(partial, SUMS), [sums])
    const manifest: Manifest = {
      format: 'suotdoi-backup',
      formatVersion: 2,
      begun: new Date(begun).toISOString(),
      made: new Date().toISOString(),
      about: about ?? null,
      databases: made.databases,
      extents: holdings.extents,
      damaged: made.damaged,
      sums: { sha256: createHash('sha256').update(sums).digest('hex'), files: made.files.length },
    }
    await writeFile(join(partial, MANIFEST), [`${JSON.stringify(manifest, null, 2)}\n`])
    await rename(partial, target)
    await syncFolder(dirname(target))
    const bytes = made.files.reduce((sum, { size }) => sum + size, 0)
    const { blobs, damaged } = made
    return { ok: true, folder: target, bytes, blobs, ms: Date.now() - begun, damaged }
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {})
    throw error
  }
}

interface Written {
  name: string
  digest: string
  size: number
}

async function writeAll(
  holdings: Holdings,
  partial: string,
  tell: (items: number) => void,
): Promise<{
  files: Written[]
  databases: Manifest['databases']
  damaged: Manifest['damaged']
  blobs: number
}> {
  const files: Written[] = []
  const databases: Manifest['databases'] = []
  const damaged: Manifest['damaged'] = []
  let blobs = 0
  const portions = holdings.portions(null)[Symbol.asyncIterator]()
  let next = await portions.next()

  async function* linesOf(tenant: TenantId | null): AsyncGenerator<string> {
    while (!next.done && next.value.tenant === tenant) {
      const portion = next.value
      if (portion.part === 'blobs') for (const { sha2 } of portion.items) await copyBlob(tenant!, sha2)
      yield `${JSON.stringify(asJson(portion))}\n`
      tell(portion.items.length)
      next = await portions.next()
    }
  }

  async function copyBlob(tenant: TenantId, sha2: string): Promise<void> {
    const content = await holdings.content(tenant, sha2)
    if (!content) {
      damaged.push({ tenant, sha2, what: 'missing' })
      return
    }
    const written = await writeFile(join(partial, blobOf(tenant, sha2)), content)
    if (written.digest !== sha2) damaged.push({ tenant, sha2, what: 'changed' })
    files.push({ ...written, name: blobOf(tenant, sha2) })
    blobs++
  }

  for (const { tenant, statements, position, items, blobBytes } of holdings.extents) {
    const path = fileOf(tenant)
    const zip = createGzip({ level: 5 })
    const [{ digest, size }] = await Promise.all([
      writeFile(join(partial, path), zip),
      pipeline(Readable.from(linesOf(tenant)), zip),
    ])
    files.push({ name: path, digest, size })
    databases.push({
      tenant,
      path,
      bytes: size,
      sha256: digest,
      schema: 0,
      statements,
      position,
      blobs: items.blobs,
      blobBytes,
    })
  }
  return { files, databases, damaged, blobs }
}

/** Durably. */
async function writeFile(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<string>,
): Promise<{ digest: string; size: number }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of content) {
      const bytes = Buffer.from(piece as string)
      hash.update(bytes)
      size += bytes.length
      await file.writeFile(bytes)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { digest: hash.digest('hex'), size }
}

/** A rename is durable when the folder is; Windows neither needs nor allows it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder: FileHandle = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Bytes as base64. */
function asJson(portion: Portion): object {
  if (portion.part !== 'documents') return portion
  const items = portion.items.map((item) => ({
    ...item,
    content: Buffer.from(item.content).toString('base64'),
  }))
  return { ...portion, items }
}

/** What `keepInFiles` wrote. */
export function holdingsInFiles(folder: string, { extents = [] }: Manifest): Holdings {
  async function* portions(from: Place | null): AsyncGenerator<Portion> {
    const behind = from === null ? null : (JSON.parse(from) as { tenant: TenantId | null; line: number })
    let isBehind = behind === null
    for (const { tenant } of extents) {
      if (!isBehind && tenant !== behind!.tenant) continue
      const first = isBehind ? 0 : behind!.line + 1
      isBehind = true
      let line = -1
      for await (const text of linesIn(join(folder, fileOf(tenant)))) {
        if (++line < first) continue
        yield { ...fromJson(JSON.parse(text) as Portion), place: JSON.stringify({ tenant, line }) }
      }
    }
  }
  return {
    extents,
    portions,
    async content(tenant, sha2) {
      const path = join(folder, blobOf(tenant, sha2))
      return (await stat(path).catch(() => null)) && createReadStream(path)
    },
    close: async () => {},
  }
}

async function* linesIn(path: string): AsyncGenerator<string> {
  const plain = new Transform({ transform: (piece, _, done) => done(null, piece) })
  const reading = pipeline(createReadStream(path), createGunzip(), plain)
  reading.catch(() => {})
  yield* createInterface({ input: plain })
  await reading
}

function fromJson(portion: Portion): Portion {
  if (portion.part !== 'documents') return portion
  const items = portion.items.map((item): HeldParts['documents'] => ({
    ...item,
    content: Buffer.from(item.content as unknown as string, 'base64'),
  }))
  return { ...portion, items }
}

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../app/config.ts'
import { openServices, type Services } from '../../app/services.ts'
import { verifyAll } from '../../app/upkeep/verify.ts'
import { knownBlobs } from './folder.ts'
import { compare, type Ledger, type Sent, targetOf } from './ledger.ts'
import { mustBeEmpty } from './loss.ts'

/** The collection of attachments runs as it does a day later. */
const A_DAY_LATER = 1_000
const PAGE = 500

/**
 * Looks through everything in a folder on which no server runs: each statement against what was sent, the feed, voids,
 * whatever `suotdoi verify` looks at, and files that nothing names. Throws `Loss`.
 */
export async function checkWhole(
  dataDir: string,
  ledger: Ledger,
  must: (sent: Sent) => boolean,
): Promise<void> {
  const read = readConfig({ DATA_DIR: dataDir })
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  const { services } = opened
  const wrong: string[] = []
  try {
    wrong.push(...(await feedAgainst(services, ledger, must)))
    const verified = await verifyAll(services, {
      quick: false,
      tell: () => {},
      signal: new AbortController().signal,
    })
    wrong.push(...verified.findings.map(({ kind, what }) => `verify: ${kind}: ${what}`))
    await services.tenantStorage.blobs.collect(Date.now() + A_DAY_LATER)
  } finally {
    await services.close()
  }
  wrong.push(...orphans(dataDir))
  mustBeEmpty(wrong)
}

async function feedAgainst(
  { tenantStorage }: Services,
  ledger: Ledger,
  must: (sent: Sent) => boolean,
): Promise<string[]> {
  const wrong: string[] = []
  const held = new Map<string, Record<string, unknown>>()
  const voided = new Map<string, boolean>()
  const told = new Set<string>()
  let position = 0
  for (;;) {
    const entries = await tenantStorage.feed.read(position, PAGE)
    if (entries.length === 0) break
    for (const entry of entries) {
      // Nothing is erased here, so every position is taken.
      if (entry.position !== position + 1) wrong.push(`feed: behind ${position} comes ${entry.position}`)
      position = entry.position
      if (entry.kind === 'voided') {
        if (told.has(entry.id)) wrong.push(`feed: the void of ${entry.id} is told twice`)
        told.add(entry.id)
      }
      if (entry.kind !== 'stored') continue
      const { id, text } = entry.statement
      if (held.has(id)) wrong.push(`feed: statement ${id} is there twice`)
      held.set(id, JSON.parse(text) as Record<string, unknown>)
      voided.set(id, entry.statement.voided)
    }
  }
  const end = await tenantStorage.feed.end()
  if (end !== position) wrong.push(`feed: it ends at ${position}, and the store says ${end}`)
  const compared = compare(ledger, held, ledger.all, must)
  for (const [id, is] of voided) {
    const statement = ledger.statement(id)
    if (!statement) continue
    const should = targetOf(statement) === null && ledger.voiders(id).some((voider) => held.has(voider))
    if (is !== should)
      wrong.push(`statement ${id} is ${is ? '' : 'not '}voided, and should ${should ? '' : 'not '}be`)
    if (should !== told.has(id)) wrong.push(`feed: the void of ${id} is ${should ? 'not ' : ''}told`)
  }
  return [...wrong, ...compared.wrong]
}

/** Files that nothing names, after a collection. */
function orphans(dataDir: string): string[] {
  const folder = join(dataDir, 'blobs/main')
  const { all, unheld } = knownBlobs(dataDir)
  const known = new Set(all)
  const names = (of: string) => {
    try {
      return readdirSync(join(folder, of))
    } catch {
      return []
    }
  }
  const files = names('.')
    .filter((name) => name.length === 2)
    .flatMap(names)
  return [
    ...unheld.map((sha2) => `blob ${sha2}: nothing holds it, and it was not collected`),
    ...files.filter((name) => !known.has(name)).map((name) => `file ${name}: nothing names it`),
    ...['incoming', 'batches'].flatMap((of) => names(of).map((name) => `file ${of}/${name} was left`)),
  ]
}

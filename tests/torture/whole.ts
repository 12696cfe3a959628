import { readConfig } from '../../app/config.ts'
import { openServices, type Services } from '../../app/services.ts'
import { verifyAll } from '../../app/upkeep/verify.ts'
import { compare, type Ledger, type Sent, targetOf } from './ledger.ts'
import { mustBeEmpty } from './loss.ts'
import { entryOf, type Place } from './place.ts'

const PAGE = 500

/**
 * Looks through everything in a store on which no server runs: each statement against what was sent, the feed, also as who
 * followed it saw it, voids, whatever `suotdoi verify` looks at, and files that nothing names. Throws `Loss`.
 */
export async function checkWhole(place: Place, ledger: Ledger, must: (sent: Sent) => boolean): Promise<void> {
  const read = readConfig(place.environment)
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  const { services } = opened
  const wrong: string[] = []
  try {
    wrong.push(...(await feedAgainst(place, services, ledger, must)))
    const verified = await verifyAll(services, {
      quick: false,
      tell: () => {},
      signal: new AbortController().signal,
    })
    wrong.push(...verified.findings.map(({ kind, what }) => `verify: ${kind}: ${what}`))
    wrong.push(...(await place.orphans(services)))
  } finally {
    await services.close()
  }
  mustBeEmpty(wrong)
}

async function feedAgainst(
  place: Place,
  { tenantStorage }: Services,
  ledger: Ledger,
  must: (sent: Sent) => boolean,
): Promise<string[]> {
  const wrong: string[] = []
  const held = new Map<string, Record<string, unknown>>()
  const voided = new Map<string, boolean>()
  const told = new Set<string>()
  const fromZero: string[] = []
  let position = 0
  for (;;) {
    const entries = await tenantStorage.feed.read(position, PAGE)
    if (entries.length === 0) break
    for (const entry of entries) {
      const follows = place.everyPosition ? entry.position === position + 1 : entry.position > position
      if (!follows) wrong.push(`feed: behind ${position} comes ${entry.position}`)
      position = entry.position
      fromZero.push(entryOf(entry))
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
  const count = await tenantStorage.statements.count()
  if (count !== held.size) wrong.push(`there are ${held.size} statements, and the store counts ${count}`)
  wrong.push(...differ(fromZero, await place.followed()))
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

/** What one who reads from zero sees, and who followed all through. */
function differ(fromZero: readonly string[], followed: readonly string[] | null): string[] {
  if (followed === null) return []
  const at = fromZero.findIndex((entry, i) => entry !== followed[i])
  if (at < 0 && followed.length === fromZero.length) return []
  const place = at < 0 ? fromZero.length : at
  return [
    `feed: who followed it saw ${followed.length} entries, not ${fromZero.length}; as ${place + 1}. ${followed[place]}, not ${fromZero[place]}`,
  ]
}

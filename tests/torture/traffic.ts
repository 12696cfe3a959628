import { createHash } from 'node:crypto'
import type { Random } from '../../bench/random.ts'
import { createStatements } from '../../bench/statements.ts'
import { type Ledger, type RequestKind, type Sent, type Statement, VOIDED } from './ledger.ts'

/** Persons are linked to some of these accounts, so that their statements go on to records. */
export const ACTORS = 40
const ACTIVITIES = 64
const BATCH = 50
const LARGE = { least: 300, more: 500 }
const ATTACHMENT = { least: 1_000, more: 200_000 }
const USAGE = 'http://adlnet.gov/expapi/attachments/certificate'

/** Requests of every kind, entered into the ledger as they are made. */
export function createTraffic(ledger: Ledger, random: Random) {
  const statements = createStatements({
    seed: random.below(2 ** 31),
    actors: ACTORS,
    activities: ACTIVITIES,
  })
  const next = (): Statement => JSON.parse(statements.next()) as Statement
  const several = (count: number) => Array.from({ length: count }, next)
  /** Statements that were voided before they came. */
  const waiting: Statement[] = []

  function voiding(target: string): Statement {
    const { actor, timestamp } = next()
    return {
      id: random.uuid(),
      actor,
      verb: { id: VOIDED, display: { en: 'voided' } },
      object: { objectType: 'StatementRef', id: target },
      timestamp,
    }
  }

  /** A statement that was sent, is none that voids, and is the only one of its kind to be aimed at. */
  function someTarget(): string | null {
    const sent = ledger.all.length === 0 ? null : random.pick(ledger.all)
    if (!sent || sent.kind === 'void') return null
    return random.pick(sent.statements.filter(({ verb }) => (verb as { id: string }).id !== VOIDED)).id
  }

  function attached(): Pick<Sent, 'statements' | 'attachment'> {
    const content = Buffer.alloc(ATTACHMENT.least + random.below(ATTACHMENT.more), random.uuid())
    const sha2 = createHash('sha256').update(content).digest('hex')
    const contentType = 'application/octet-stream'
    const description = {
      usageType: USAGE,
      display: { vi: 'Chứng chỉ' },
      contentType,
      length: content.length,
      sha2,
    }
    return { statements: [{ ...next(), attachments: [description] }], attachment: { sha2, content } }
  }

  function make(kind: RequestKind): Pick<Sent, 'statements' | 'attachment'> {
    if (kind === 'attachment') return attached()
    if (kind === 'large') return { statements: several(LARGE.least + random.below(LARGE.more)) }
    if (kind === 'void') {
      const target = random.below(2) === 0 ? someTarget() : null
      if (target !== null) return { statements: [voiding(target)] }
      const later = next()
      waiting.push(later)
      return { statements: [voiding(later.id)] }
    }
    if (kind === 'single') return { statements: [waiting.shift() ?? next()] }
    const batch = several(BATCH)
    const first = batch[0]
    return { statements: first && random.below(2) === 0 ? [...batch, voiding(first.id)] : batch }
  }

  return {
    large: () => ledger.add({ kind: 'large', ...make('large') }),
    any: () => {
      const kind = random.pick(MIX)
      return ledger.add({ kind, ...make(kind) })
    },
  }
}

const MIX: readonly RequestKind[] = [
  'single',
  'single',
  'single',
  'single',
  'single',
  'batch',
  'attachment',
  'void',
  'void',
]

import type { StatementQuery, StatementRecord, WriteOutcome } from '../../../lrs/storage/port.ts'

interface Modelled {
  record: StatementRecord
  stored: number
  voided: boolean
}

/** The port's statements in the plainest form: an array in the order of commit, and loops over it. */
export interface Model {
  write(records: readonly StatementRecord[], stored: number): WriteOutcome
  /** Ids that a query lists, without its `after`, `limit` and `maxBytes`. */
  list(
    query: Pick<StatementQuery, 'keys' | 'since' | 'until' | 'sources' | 'includeVoided' | 'ascending'>,
  ): string[]
  isVoided(id: string): boolean
  rekey(id: string, keys: readonly string[]): void
  purge(id: string): void
}

export function createModel(): Model {
  let all: Modelled[] = []
  const find = (id: string | null) => all.find(({ record }) => record.id === id)

  function writeOne(record: StatementRecord, stored: number): WriteOutcome | null {
    const there = find(record.id)
    if (there) {
      return there.record.fingerprint === record.fingerprint
        ? null
        : { ok: false, refusal: { kind: 'conflict', id: record.id } }
    }
    const mine: Modelled = { record, stored, voided: false }
    all.push(mine)
    const target = find(record.refersTo)
    if (record.voiding && target) {
      const about = { id: record.id, target: target.record.id }
      if (target.record.voiding) return { ok: false, refusal: { kind: 'void-voiding', ...about } }
      if (!mayVoid(record, target.record)) return { ok: false, refusal: { kind: 'void-foreign', ...about } }
      target.voided = true
    }
    mine.voided = all.some(
      ({ record: other }) =>
        other.voiding && !record.voiding && other.refersTo === record.id && mayVoid(other, record),
    )
    return null
  }

  const mayVoid = (voider: StatementRecord, target: StatementRecord) =>
    voider.source === target.source || voider.mayVoidForeign

  function matches(start: Modelled, query: Pick<StatementQuery, 'keys' | 'sources'>): boolean {
    const seen = new Set<Modelled>()
    let here: Modelled | undefined = start
    while (here && !seen.has(here)) {
      const { keys, source, refersTo }: StatementRecord = here.record
      if (query.sources && !query.sources.includes(source)) return false
      if (query.keys.every((key) => keys.includes(key))) return true
      seen.add(here)
      here = find(refersTo)
    }
    return false
  }

  return {
    write(records, stored) {
      const before = all.map((one) => ({ ...one }))
      let fresh = 0
      for (const record of records) {
        const count = all.length
        const refusal = writeOne(record, stored)
        if (refusal) {
          all = before
          return refusal
        }
        fresh += all.length - count
      }
      return { ok: true, stored, fresh }
    },
    list(query) {
      const found = all.filter(
        (one) =>
          matches(one, query) &&
          (query.includeVoided || !one.voided) &&
          (query.since === undefined || one.stored > query.since) &&
          (query.until === undefined || one.stored <= query.until),
      )
      const ids = found.map(({ record }) => record.id)
      return query.ascending ? ids : ids.reverse()
    },
    isVoided: (id) => find(id)?.voided ?? false,
    rekey(id, keys) {
      const one = find(id)
      if (one) one.record = { ...one.record, keys }
    },
    purge(id) {
      all = all.filter(({ record }) => record.id !== id)
    },
  }
}

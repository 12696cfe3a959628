import type { Connection } from '../connection.ts'

/**
 * What a commit's new statements are entered under, kept until it can be written in the order of the index: half the
 * work of any other order. Nothing that is written into the same transaction before may look at the entries.
 */
export interface Arrivals {
  /** Positions come in order. */
  add(seq: number, terms: readonly number[]): void
  /** Writes the entries alone. */
  enter(db: Connection): void
  /** And the time of the commit, for since and until. */
  write(db: Connection, stamp: number): void
  /** Forgets what was not written yet. */
  clear(): void
}

/** From so many positions under one term on, a list is quicker than a call for each. */
const LIST = 4

export function createArrivals(): Arrivals {
  const positions = new Map<number, number[]>()
  let last = 0
  return {
    add(seq, terms) {
      last = seq
      for (const term of terms) {
        const known = positions.get(term)
        if (known) known.push(seq)
        else positions.set(term, [seq])
      }
    },
    enter(db) {
      for (const term of Float64Array.from(positions.keys()).sort()) {
        const seqs = positions.get(term)!
        if (seqs.length >= LIST)
          db.run('INSERT INTO entry (term, seq) SELECT ?, value FROM json_each(?)', term, `[${seqs.join()}]`)
        else for (const seq of seqs) db.run('INSERT INTO entry (term, seq) VALUES (?, ?)', term, seq)
      }
      positions.clear()
    },
    write(db, stamp) {
      if (last === 0) return
      this.enter(db)
      db.run(
        `INSERT INTO moment (stored, last_seq) VALUES (?, ?)
         ON CONFLICT (stored) DO UPDATE SET last_seq = excluded.last_seq`,
        stamp,
        last,
      )
      this.clear()
    },
    clear() {
      positions.clear()
      last = 0
    },
  }
}

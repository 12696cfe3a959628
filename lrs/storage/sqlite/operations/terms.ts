import type { StatementRecord } from '../../port.ts'
import type { Connection } from '../connection.ts'
import type { WriteContext } from './context.ts'
import { outdatePosting } from './postings.ts'

/** Keys that the store itself adds to a statement's own; `#` cannot begin one of those. */
export const sourceTerm = (source: string) => `#source:${source}`
export const nameTermPrefix = (agent: string) => `#name:[${JSON.stringify(agent)},`
export const nameTerm = (agent: string, source: string, name: string) =>
  `${nameTermPrefix(agent)}${JSON.stringify(source)},${JSON.stringify(name)}]`
export function parseNameTerm(key: string): { source: string; name: string } {
  const [, source, name] = JSON.parse(key.slice('#name:'.length)) as [string, string, string]
  return { source, name }
}

/** All that a statement is entered under: its keys, the names it states, and its source. Each once. */
export function termKeysOf({
  keys,
  names,
  source,
}: Pick<StatementRecord, 'keys' | 'names' | 'source'>): string[] {
  const all = [...keys, sourceTerm(source)]
  for (const { agent, name } of names) all.push(nameTerm(agent, source, name))
  return [...new Set(all)]
}

export function findTerm(db: Connection, key: string): number | null {
  return db.row<{ no: number }>('SELECT no FROM term WHERE key = ?', key)?.no ?? null
}

const REMEMBERED = 50_000

function remembered(db: Connection): Map<string, number> {
  let terms = db.memory.get('terms') as Map<string, number> | undefined
  if (!terms || terms.size > REMEMBERED) {
    terms = new Map()
    db.memory.set('terms', terms)
  }
  return terms
}

/** The number of a term, made when it is new. */
export function internTerm({ db, onRollback }: WriteContext, key: string): number {
  const terms = remembered(db)
  const known = terms.get(key)
  if (known !== undefined) return known
  let no = findTerm(db, key)
  if (no === null) {
    no = db.row<{ no: number }>('INSERT INTO term (key) VALUES (?) RETURNING no', key)!.no
    onRollback(() => terms.delete(key))
  }
  terms.set(key, no)
  return no
}

export function enter(context: WriteContext, seq: number, term: number): void {
  context.db.run('INSERT INTO entry (term, seq) VALUES (?, ?)', term, seq)
}

/** Takes a statement out from under terms; a term that nothing is under any more goes, for it may name a person. */
export function withdraw({ db }: WriteContext, seq: number, terms: readonly number[]): void {
  for (const term of terms) {
    outdatePosting(db, term, seq)
    db.run('DELETE FROM entry WHERE term = ? AND seq = ?', term, seq)
    const used = db.row('SELECT 1 FROM entry WHERE term = ? LIMIT 1', term)
    if (!used) {
      const gone = db.row<{ key: string }>('DELETE FROM term WHERE no = ? RETURNING key', term)
      if (gone) remembered(db).delete(gone.key)
    }
  }
}

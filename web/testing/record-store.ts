import {
  type Caller,
  type Lrs,
  type StatementQuery,
  type StoredStatement,
  statementKey,
} from '../../lrs/index.ts'
import { sampleStatement, sourceOfSample } from './sample.ts'

export type AskedQuery = Omit<StatementQuery, 'sources'> & { source: string; person: string | undefined }

/** Statements in memory, found by verb, activity, source, time and state; what was asked for can be looked at. */
export function fakeRecordStore(
  statements: StoredStatement[],
  asked: AskedQuery[],
  readers: (string | undefined)[],
): Pick<Lrs, 'queryStatements' | 'getStatement' | 'relations' | 'readFeed'> {
  return {
    readFeed: async () => [],
    async queryStatements(caller: Caller, query) {
      asked.push({ ...query, source: caller.source, person: caller.person })
      const all = caller.scopes.has('all/read')
      const ordered = query.ascending ? statements : statements.toReversed()
      const found = ordered.filter(
        (each) =>
          (all || each.source === caller.source) &&
          (query.includeVoided || !each.voided) &&
          (query.since === undefined || each.stored > query.since) &&
          (query.until === undefined || each.stored <= query.until) &&
          (query.after === undefined ||
            (query.ascending ? each.position > query.after : each.position < query.after)) &&
          query.keys.every((key) => keysOf(each).includes(key)),
      )
      return { statements: found.slice(0, query.limit), more: found.length > query.limit }
    },
    async getStatement(caller, id) {
      readers.push(caller.person)
      const found = statements.find((each) => each.id === id)
      // Those behind lines of the record are made when they are asked for.
      if (found || !id.startsWith('00000000-')) return found ?? null
      return behindLine(id)
    },
    async relations(id) {
      const referrers = statements.filter((each) => each.refersTo === id)
      const target = statements.find((each) => each.id === id)
      return {
        referrers: referrers.map((each) => each.id),
        voiders: referrers
          .filter((each) => each.voiding)
          .map((each) => ({ id: each.id, source: each.source, effective: each.source === target?.source })),
      }
    },
  }
}

/** A statement behind a sample line. */
export const behindLine = (id: string): StoredStatement =>
  storedStatement({ id, text: sampleStatement(id), source: sourceOfSample(id), voided: id.endsWith('2') })

export function storedStatement(
  given: Partial<StoredStatement> & { id: string; text: string },
): StoredStatement {
  return {
    position: 1,
    stored: Date.now(),
    source: 'school',
    fingerprint: '1:a',
    refersTo: null,
    voiding: false,
    voided: false,
    attachments: [],
    ...given,
  }
}

function keysOf(statement: StoredStatement): string[] {
  const { verb, object } = JSON.parse(statement.text) as { verb: { id: string }; object: { id?: string } }
  return [statementKey.verb(verb.id), ...(object.id ? [statementKey.activity(object.id)] : [])]
}

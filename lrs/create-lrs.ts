import { allows, type Caller } from './caller.ts'
import type { ForeignRead, Lrs } from './lrs.ts'
import { type Problem, refuse } from './problem.ts'
import { recordStatements } from './resources/statements/record-statements.ts'
import { rekeyAgent } from './resources/statements/rekey-agent.ts'
import type { SourceId, Storage, TenantId } from './storage/port.ts'

export interface LrsOptions {
  storage: Storage
  tenant: TenantId
  /** Told of every read of what other sources sent. */
  onForeignRead?(read: ForeignRead): void
  /** Told of what parts of the product stored for a source. */
  onStored?(stored: { source: SourceId; statements: number }): void
}

/** Largest number of statements that one step of an erasure removes. */
const STEP = 500

/** One tenant's record store, as the other parts of the product see it. */
export function createLrs({
  storage,
  tenant,
  onForeignRead = () => {},
  onStored = () => {},
}: LrsOptions): Lrs {
  const store = storage.tenant(tenant)
  const { statements, feed } = store
  return {
    async recordStatements(caller, input) {
      const outcome = await recordStatements(store, own(caller), input)
      if (outcome.ok) onStored({ source: caller.source, statements: outcome.fresh })
      return outcome
    },

    async queryStatements(caller, query) {
      if (!allows(own(caller), 'statements/read/mine')) return refuse(NOT_PERMITTED)
      const page = await statements.query(
        allows(caller, 'statements/read') ? query : { ...query, sources: [caller.source] },
      )
      const foreign = page.statements.filter(({ source }) => isForeign(caller, source))
      if (foreign.length > 0) {
        const sources = [...new Set(foreign.map((statement) => statement.source))]
        onForeignRead({ caller, sources, statements: foreign.length })
      }
      return page
    },

    async getStatement(caller, id) {
      if (!allows(own(caller), 'statements/read/mine')) return null
      const statement = await statements.get(id.toLowerCase())
      if (!statement) return null
      if (statement.source !== caller.source && !allows(caller, 'statements/read')) return null
      if (isForeign(caller, statement.source))
        onForeignRead({ caller, sources: [statement.source], statements: 1 })
      return statement
    },

    readFeed: (after, limit) => feed.read(after, limit),
    relations: (id) => statements.relations(id.toLowerCase()),
    rekeyAgent: (from, to, reason) => rekeyAgent(store, from, to, reason),

    async purge(ids, reason) {
      let removed = 0
      for (let at = 0; at < ids.length; at += STEP) {
        removed += await statements.purge(
          ids.slice(at, at + STEP).map((id) => id.toLowerCase()),
          reason,
        )
      }
      return removed
    },
  }

  /** A caller of another tenant here is a bug that would leak: it stops at once. */
  function own(caller: Parameters<Lrs['getStatement']>[0]) {
    if (caller.tenant !== tenant)
      throw new Error(`A caller of tenant ${caller.tenant} came to tenant ${tenant}.`)
    return caller
  }
}

/** To a person who reads through a page, everything is what others sent. */
const isForeign = (caller: Caller, source: SourceId) =>
  caller.person !== undefined || source !== caller.source

const NOT_PERMITTED: Problem = {
  id: 'scope-missing',
  status: 403,
  message: 'This needs the scope statements/read or statements/read/mine.',
}

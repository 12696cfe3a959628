import type { TakeInOutcome } from '../../holding.ts'
import type { TenantId } from '../../port.ts'
import { takeInto } from '../../take-in.ts'
import type { Database } from '../database.ts'

/** See Storage.takeIn. `all` opens every database that is there. */
export async function takeIn(
  origin: string,
  system: Database,
  databaseOf: (tenant: TenantId) => Database,
  all: () => Promise<Database[]>,
): Promise<TakeInOutcome> {
  await system.open()
  const setMark = (mark: string | null) => system.write('holdings.setMark', { origin, mark })
  return takeInto(
    {
      begun: () => system.read('holdings.mark'),
      async isEmpty() {
        for (const database of [system, ...(await all())])
          if (!(await database.read('holdings.isEmpty'))) return false
        return true
      },
      begin: () => setMark(null),
      async take(portion) {
        const { tenant, part, items } = portion
        const database = tenant === null ? system : databaseOf(tenant)
        if (part !== 'blobs' && part !== 'holds')
          await database.write('holdings.take', { count: items.length, portion })
      },
      setMark,
      finish: () => system.write('holdings.clearMark'),
    },
    origin,
  )
}

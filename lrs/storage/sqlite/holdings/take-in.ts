import type { Portion, TakeInOutcome } from '../../holding.ts'
import type { TenantId } from '../../port.ts'
import type { Database } from '../database.ts'

/** See Storage.takeIn. `all` opens every database that is there. */
export async function takeIn(
  origin: string,
  system: Database,
  databaseOf: (tenant: TenantId) => Database,
  all: () => Promise<Database[]>,
): Promise<TakeInOutcome> {
  await system.open()
  const known = await system.read('holdings.mark')
  if (known && known.origin !== origin) return { ok: false, refusal: 'other-origin' }
  if (!known) {
    for (const database of [system, ...(await all())])
      if (!(await database.read('holdings.isEmpty'))) return { ok: false, refusal: 'not-empty' }
    await system.write('holdings.setMark', { origin, mark: null })
  }
  let mark = known?.mark ?? null
  return {
    ok: true,
    taking: {
      get mark() {
        return mark
      },
      async take(portion: Portion, next) {
        const { tenant, part, items } = portion
        const database = tenant === null ? system : databaseOf(tenant)
        if (part !== 'blobs' && part !== 'holds')
          await database.write('holdings.take', { count: items.length, portion })
        await system.write('holdings.setMark', { origin, mark: next })
        mark = next
      },
      finish: () => system.write('holdings.clearMark'),
    },
  }
}

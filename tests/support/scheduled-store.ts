import type fc from 'fast-check'
import type { TenantStorage } from '../../lrs/storage/port.ts'

/** The store as profiles see it, each call and each answer held up until the scheduler lets it go. */
export function scheduled(
  store: TenantStorage,
  scheduler: fc.Scheduler,
  late: { on: boolean },
): TenantStorage {
  const hold = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...of: unknown[]) => Promise<unknown>
        return async (...of: unknown[]) => {
          if (!late.on) return method(...of)
          await scheduler.schedule(Promise.resolve(), String(name))
          const answer = await method(...of)
          await scheduler.schedule(Promise.resolve(), String(name))
          return answer
        }
      },
    })
  return {
    ...store,
    statements: hold(store.statements),
    feed: hold(store.feed),
    collections: hold(store.collections),
  }
}

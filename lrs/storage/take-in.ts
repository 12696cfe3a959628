import type { Portion, TakeInOutcome } from './holding.ts'

/** What a store itself does to take in. */
export interface TakingStore {
  /** From where it takes, and how far it is; null when it takes nothing in. */
  begun(): Promise<{ origin: string; mark: string | null } | null>
  isEmpty(): Promise<boolean>
  begin(): Promise<unknown>
  /** A portion that was taken before, in part or whole, changes nothing. */
  take(portion: Portion): Promise<unknown>
  setMark(mark: string): Promise<unknown>
  finish(): Promise<unknown>
}

/** See Storage.takeIn. Every portion can be taken again, so how far it is comes after what was taken. */
export async function takeInto(store: TakingStore, origin: string): Promise<TakeInOutcome> {
  const begun = await store.begun()
  if (begun && begun.origin !== origin) return { ok: false, refusal: 'other-origin' }
  if (!begun) {
    if (!(await store.isEmpty())) return { ok: false, refusal: 'not-empty' }
    await store.begin()
  }
  let mark = begun?.mark ?? null
  return {
    ok: true,
    taking: {
      get mark() {
        return mark
      },
      async take(portion, next) {
        await store.take(portion)
        await store.setMark(next)
        mark = next
      },
      finish: async () => void (await store.finish()),
    },
  }
}

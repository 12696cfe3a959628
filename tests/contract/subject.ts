import { afterAll, beforeAll } from 'vitest'
import type { Storage, TenantStorage } from '../../lrs/storage/port.ts'

/** A store under test, on data of its own. */
export interface Subject {
  readonly storage: Storage
  /** Closes the store and opens the same data again. */
  reopen(): Promise<void>
  /** Closes it, if need be, and removes its data. */
  destroy(): Promise<void>
  /** Shifts the store's clock by so many ms, backwards too. */
  shiftClock(ms: number): void
  /** From now on no commit succeeds, until the answer is called. */
  breakCommits(): Promise<() => Promise<void>>
  /** From now on commits stand still, until the answer is called. Whoever reads goes on. */
  holdCommits(): () => void
  /** Where the data is, for another process (Adapter.openAt). */
  readonly location: string
}

/** One kind of store that the contract is run against. */
export interface Adapter {
  readonly name: string
  /** What is missing here to run it, in words; null when nothing is. */
  lacks(): string | null
  /** Why holdings cannot be as of one moment on the server that there is here, in words; null when they can. */
  lacksMoments(): Promise<string | null>
  open(): Promise<Subject>
  /** Opens a subject's data in another process. */
  openAt(location: string): Promise<Storage>
}

/** A subject for the tests of one `describe`, and tenants that nothing was written to. */
export function useSubject(adapter: Adapter): { subject(): Subject; freshTenant(): TenantStorage } {
  let subject: Subject
  let tenants = 0
  beforeAll(async () => {
    subject = await adapter.open()
  })
  afterAll(() => subject.destroy())
  return {
    subject: () => subject,
    freshTenant: () => subject.storage.tenant(`fresh-${++tenants}`),
  }
}

import type { Part } from '../../holding.ts'
import type { TenantId } from '../../port.ts'

/** What the teller's thread is asked for. */
export type TellerTask =
  /** From now on this database is seen as it is now. `isStill`: nobody else has it open, and it has no log. */
  | { what: 'open'; path: string; tenant: TenantId | null; isStill: boolean }
  | { what: 'page'; path: string; part: Part; after: unknown }

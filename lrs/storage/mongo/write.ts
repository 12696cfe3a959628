import type { StatementRecord, WriteOutcome } from '../port.ts'
import type { Gate } from './gate.ts'
import type { TenantParts } from './tenant.ts'

export interface Writer {
  write(records: readonly StatementRecord[]): Promise<WriteOutcome>
  waiting(): number
  end(): Promise<void>
}
export const createWriter = (_p: TenantParts, _g: Gate) => ({}) as Writer

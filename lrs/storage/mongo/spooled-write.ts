import type { StatementRecord, WriteOutcome } from '../port.ts'
import type { TenantParts } from './tenant.ts'
import type { Writer } from './write.ts'

export const createSpooledWrite =
  (_p: TenantParts, _w: Writer) =>
  async (_groups: AsyncIterable<readonly StatementRecord[]>): Promise<WriteOutcome> => {
    throw new Error('Not there yet')
  }

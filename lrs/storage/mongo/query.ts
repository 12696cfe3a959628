import type { StatementStore } from '../port.ts'
import type { Gate } from './gate.ts'
import type { TenantParts } from './tenant.ts'

export const createQueries = (_p: TenantParts, _g: Gate) =>
  ({}) as Pick<StatementStore, 'get' | 'getText' | 'query' | 'queryTexts' | 'relations' | 'inspect'>

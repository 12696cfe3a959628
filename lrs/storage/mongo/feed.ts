import type { FeedStore } from '../port.ts'
import type { Gate } from './gate.ts'
import type { TenantParts } from './tenant.ts'

export const createFeed = (_p: TenantParts, _g: Gate) => ({}) as { store: FeedStore; end(): Promise<void> }

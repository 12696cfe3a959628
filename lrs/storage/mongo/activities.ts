import type { ActivityStore, AgentStore } from '../port.ts'
import type { Connection } from './connect.ts'
import type { Names } from './names.ts'
import type { Schema } from './schema.ts'

export const createActivities = (_c: Connection, _s: Schema, _n: Names): ActivityStore =>
  ({}) as ActivityStore
export const createAgents = (_c: Connection, _s: Schema, _n: Names): AgentStore => ({}) as AgentStore

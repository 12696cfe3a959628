import type { Adapter } from './subject.ts'
import { mongo } from './support/mongo.ts'
import { sqlite } from './support/sqlite.ts'

/** Every store that the product can run on. */
export const ADAPTERS: readonly Adapter[] = [sqlite, mongo]

export function adapterNamed(name: string): Adapter {
  const adapter = ADAPTERS.find((one) => one.name === name)
  if (!adapter) throw new Error(`No adapter is named ${name}`)
  return adapter
}

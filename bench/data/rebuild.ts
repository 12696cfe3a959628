import { readConfig } from '../../app/config.ts'
import { openServices } from '../../app/services.ts'

/**
 * Makes all records anew in a process of its own, as `suotdoi rebuild transcript` does. The store is that of the
 * environment. Prints one JSON object (Rebuilt).
 */
export interface Rebuilt {
  /** Entries of the feed. */
  entries: number
  /** Of the rebuild, without opening the store. */
  seconds: number
  cpuMs: number
}

const read = readConfig(process.env)
if (!read.ok) throw new Error(read.messages.join('\n'))
const opened = await openServices(read.config)
if (!opened.ok) throw new Error(opened.message)
const { profiles, close } = opened.services
const began = performance.now()
const cpu = process.cpuUsage()
const entries = await profiles.rebuild()
const { user, system } = process.cpuUsage(cpu)
const rebuilt: Rebuilt = {
  entries,
  seconds: (performance.now() - began) / 1000,
  cpuMs: (user + system) / 1000,
}
await close()
console.log(JSON.stringify(rebuilt))

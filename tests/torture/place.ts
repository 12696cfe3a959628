import type { Services } from '../../app/services.ts'
import type { Random } from '../../bench/random.ts'
import type { FeedEntry } from '../../lrs/storage/port.ts'
import type { Moment } from './moments.ts'

/** Where one world keeps its data: all that differs between the stores, which is how to start and what to kill. */
export interface Place {
  /** How many processes of the product run on it at once. */
  processes: number
  moments: readonly Moment[]
  /** What the environment of a process of the product says. */
  environment: Readonly<Record<string, string>>
  /** The folder whose data are there; null: they are kept elsewhere. */
  dataDir: string | null
  /** Every position of the feed is taken, where nothing is erased. */
  everyPosition: boolean
  /** Before the first start, when there are people. */
  prepare(): Promise<void>
  /** The store itself, where that is a process. */
  startStore(): Promise<void>
  killStore(): Promise<void>
  victims(random: Random): Victims
  /** How long the store stays away, ms. */
  awayMs(random: Random): number
  /** Resolves when the servers, which run, have brought to its end what a kill cut short. */
  finished(): Promise<void>
  /** What the records hold, in order; no process runs. */
  records(): Promise<string[]>
  /** Collects as a day later, and says what is left that nothing names; no process runs. */
  orphans(services: Services): Promise<string[]>
  /** What a reader saw that followed the feed all through, told as `entryOf` does; null: none could. */
  followed(): Promise<readonly string[] | null>
  remove(): Promise<void>
}

/** What a kill takes. */
export interface Victims {
  name: string
  /** Numbers of processes. */
  processes: readonly number[]
  store: boolean
  /** Commands that are under way in processes of their own. */
  commands: boolean
}

/** One entry of the feed as two readers of it are compared. */
export function entryOf(entry: FeedEntry): string {
  const about =
    entry.kind === 'stored' ? entry.statement.id : entry.kind === 'voided' ? entry.id : entry.ids.join()
  return `${entry.position} ${entry.kind} ${about}`
}

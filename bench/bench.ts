/** The words of the bench: what a benchmark is given, and what it tells. */

import type { DataSet } from './data/data-set.ts'
import type { Load } from './load/load.ts'
import type { BenchMongo } from './mongo.ts'
import type { StoreName } from './options.ts'
import type { ServerOptions, StartedServer } from './server.ts'

/** One measured figure. `npm run bench -- --json` prints one a line. */
export interface Figure {
  /** `post-one`, or `pages/agent+verb/warm/p99`: the benchmark's name, then what of it. */
  name: string
  value: number
  unit: string
  /** The same work by the plainest program that could do it, measured in the same run; null where the goal is absolute. */
  floor: number | null
  /** value / floor. */
  ratio: number | null
  /** What was asked for, in words: `≥ 0.4 × floor`. Null for a figure that is told for information. */
  goal: string | null
  higherIsBetter: boolean
  /** Null where there is no goal. */
  met: boolean | null
}

export interface Benchmark {
  name: string
  /** One line: what is done, and what it stands for. */
  title: string
  /** SQLite without this. */
  store?: StoreName
  /** Runs only when named by `--only`: it takes very long. */
  onDemand?: boolean
  run(bench: Bench): Promise<Figure[]>
  /** Which figures a table for people shows, where all are too many. */
  forTable?(figures: readonly Figure[]): Figure[]
}

/** What a benchmark works with. Everything it starts or makes is stopped and removed when it ends. */
export interface Bench {
  /** What the product keeps its statements in. */
  store: StoreName
  /** Rounds to take the median of. */
  rounds: number
  /** Part of the usual work, from 0 to 1; below 1 a benchmark only shows that it runs. */
  scale: number
  /** Starts the whole product, as `npm start` does, in a process of its own on a new or a copied data folder. */
  start(options?: ServerOptions): Promise<StartedServer>
  /** What a server on this data folder must be told of where its store is. */
  storeOf(dataDir: string): Promise<Readonly<Record<string, string>>>
  /** The MongoDB server that is measured. */
  mongo(): Promise<BenchMongo>
  /** The data set of so many statements in this store; made when it is not there. */
  dataSet(size: number): Promise<DataSet>
  /** A data folder to write into: a copy, but on MongoDB on the set's own database. */
  copyOf(set: DataSet): Promise<string>
  /** The load generator, in a process of its own. */
  load: Load
  /** An empty folder on the disk that is measured (never tmpfs). */
  folder(name: string): Promise<string>
  /** A line about how far it is, on standard error. */
  say(text: string): void
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A figure that must reach a part of its floor. */
export function atLeastOfFloor(
  name: string,
  unit: string,
  value: number,
  floor: number,
  part: number,
): Figure {
  const ratio = value / floor
  return {
    name,
    value,
    unit,
    floor,
    ratio,
    goal: `≥ ${part} × floor`,
    higherIsBetter: true,
    met: ratio >= part,
  }
}

/** A figure that may not pass a bound. */
export function atMost(name: string, unit: string, value: number, bound: number): Figure {
  return {
    name,
    value,
    unit,
    floor: null,
    ratio: null,
    goal: `≤ ${bound} ${unit}`,
    higherIsBetter: false,
    met: value <= bound,
  }
}

/** A figure that must reach a bound. */
export function atLeast(name: string, unit: string, value: number, bound: number): Figure {
  return {
    name,
    value,
    unit,
    floor: null,
    ratio: null,
    goal: `≥ ${bound} ${unit}`,
    higherIsBetter: true,
    met: value >= bound,
  }
}

/** A figure for information. */
export function told(name: string, unit: string, value: number, floor: number | null = null): Figure {
  return {
    name,
    value,
    unit,
    floor,
    ratio: floor === null ? null : value / floor,
    goal: null,
    higherIsBetter: false,
    met: null,
  }
}

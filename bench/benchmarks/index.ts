import type { Benchmark } from '../bench.ts'
import { growth, growth10m } from './growth.ts'
import { large } from './large.ts'
import { memory } from './memory.ts'
import { mixed } from './mixed.ts'
import { pages } from './pages.ts'

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [pages, mixed, memory, large, growth, growth10m]

import type { Benchmark } from '../bench.ts'

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = []

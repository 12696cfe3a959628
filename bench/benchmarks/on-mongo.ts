import type { Benchmark } from '../bench.ts'

/** The same benchmark with the product on MongoDB. */
export function onMongo(benchmark: Benchmark): Benchmark {
  const { run, forTable } = benchmark
  return {
    ...benchmark,
    name: `mongo-${benchmark.name}`,
    store: 'mongo',
    run: async (bench) => (await run(bench)).map((figure) => ({ ...figure, name: `mongo-${figure.name}` })),
    ...(forTable && { forTable }),
  }
}

import { openDataSet } from './data-set.ts'

/** `node bench/data/main.ts 1000000`: makes a data set ahead of the benchmarks that need it. */
for (const size of process.argv.slice(2).map(Number)) {
  const set = await openDataSet(size, (text) => console.error(text))
  const bytes = await set.bytes()
  console.log(
    `${size}: ${set.folder}, ${(bytes / size).toFixed(0)} bytes a statement in all, ` +
      `${(set.built.textBytes / size).toFixed(0)} of them sent text, filled in ${set.built.seconds.toFixed(0)} s`,
  )
}

import { bringToShape, CACHE } from './data/data-set.ts'
import { join } from 'node:path'
for (const name of process.argv.slice(2)) { const t = performance.now(); await bringToShape(join(CACHE, name), (x) => console.log(name, x)); console.log(name, ((performance.now() - t) / 1000).toFixed(0), 's', process.memoryUsage.rss() >> 20, 'MB') }

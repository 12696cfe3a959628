/** Run once after an installation: a start on a passing folder, so that the real first one finds everything compiled. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useCompileCache } from './compile-cache.ts'

useCompileCache()
const [{ readConfig }, { start }, { openServerLog }] = await Promise.all([
  import('./config.ts'),
  import('./start.ts'),
  import('./observability/log.ts'),
])
const folder = await mkdtemp(join(tmpdir(), 'suotdoi-'))
const read = readConfig({
  DATA_DIR: join(folder, 'data'),
  PORT: '0',
  INTERNAL_PORT: '0',
  LOG_LEVEL: 'silent',
})
if (read.ok) {
  const started = await start(read.config, {
    demo: false,
    serverLog: openServerLog('silent'),
    say: () => {},
  })
  if (started.ok) await started.running.stop()
}
await rm(folder, { recursive: true, force: true })

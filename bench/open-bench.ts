import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { startLoad } from './load/load.ts'
import { type StartedServer, startServer } from './server.ts'

/** What one benchmark works with, in a folder of its own; `close` stops what still runs and removes the folder. */
export async function openBench(options: {
  /** Made within this one. */
  folder: string
  rounds: number
  scale: number
  say: Bench['say']
}): Promise<Bench & { close(): Promise<void> }> {
  const base = await mkdtemp(join(options.folder, 'suotdoi-bench-'))
  const load = startLoad()
  const servers: StartedServer[] = []
  let closing: Promise<void> | undefined
  const close = async () => {
    await load.close()
    await Promise.all(servers.map((server) => server.stop()))
    await rm(base, { recursive: true, force: true })
  }
  const folder = (name: string) => mkdtemp(join(base, `${name}-`))
  return {
    rounds: options.rounds,
    scale: options.scale,
    load,
    folder,
    say: options.say,
    async start(serverOptions) {
      const server = await startServer(await folder('server'), serverOptions)
      servers.push(server)
      return server
    },
    close() {
      // Once, though both a signal and the end of the benchmark ask for it.
      closing ??= close()
      return closing
    },
  }
}

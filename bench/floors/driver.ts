import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { root } from '../process.ts'
import type { FoundByDriver } from './mongo-find.ts'

/** The bare driver in a process of its own: mongo-find.ts. */
export interface Driver {
  find(paths: readonly string[]): Promise<FoundByDriver>
  stop(): Promise<void>
}

export async function startDriver(url: string): Promise<Driver> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'bench/floors/mongo-find.ts', url],
    {
      cwd: root,
      env: { PATH, HOME },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { done, value } = await lines.next()
    if (done) throw new Error('The bare driver has ended')
    return value
  }
  await nextLine()
  return {
    async find(paths) {
      child.stdin.write(`${JSON.stringify(paths)}\n`)
      return JSON.parse(await nextLine())
    },
    async stop() {
      child.stdin.end()
      await closed
    },
  }
}

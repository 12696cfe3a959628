import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { idOf } from '../../../tests/contract/support/records.ts'
import { openSqlite } from './index.ts'

const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)

/** Writes until the system refuses, and some more; prints what was acknowledged and why the rest was not. */
const program = (directory: string) => `
  import { openSqlite } from ${url('index.ts')}
  import { recordOf } from ${url('../../../tests/contract/support/records.ts')}
  const { statements, blobs } = (await openSqlite({ directory: ${JSON.stringify(directory)} })).tenant('t')
  const text = JSON.stringify({ filler: 'x'.repeat(20_000) })
  for (let i = 0, failures = 0; failures < 10; i++) {
    try {
      await statements.write([recordOf(i, { text })])
      console.log('stored ' + i)
    } catch (error) {
      failures++
      console.log('failed ' + error.name)
    }
  }
  await blobs.put([Buffer.alloc(9_000_000)]).catch((error) => console.log('failed ' + error.name))
  console.log('readable ' + (await statements.count()))
  process.exit()
`

// The system's limit on the size of a file stands in for a full disk: real writes fail, in the middle of a commit.
test.runIf(process.platform !== 'win32')(
  'when the disk takes no more, all that was acknowledged stays, nothing else is, and readers go on',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'full-'))
    const shell = `trap '' XFSZ; ulimit -f 6000; exec "$0" --input-type=module --eval "$1"`
    const child = spawn('sh', ['-c', shell, process.execPath, program(directory)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const stored: number[] = []
    const failures: string[] = []
    let readable = -1
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, rest] = line.split(' ') as [string, string]
      if (what === 'stored') stored.push(Number(rest))
      if (what === 'failed') failures.push(rest)
      if (what === 'readable') readable = Number(rest)
    }
    expect(stored.length).toBeGreaterThan(20)
    expect(failures).toEqual(Array(11).fill('StorageUnavailable'))
    expect(readable).toBe(stored.length)

    const storage = await openSqlite({ directory })
    const { statements } = storage.tenant('t')
    for (const i of stored) expect(await statements.get(idOf(i))).not.toBeNull()
    expect(await statements.count()).toBe(stored.length)
    await storage.close()
    await rm(directory, { recursive: true })
  },
)

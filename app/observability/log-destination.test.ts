import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'

const MODULE = JSON.stringify(new URL('log.ts', import.meta.url).href)

const withLog = (program: string) =>
  `import { openServerLog } from ${MODULE}\nconst serverLog = openServerLog('info')\n${program}`

/** Runs a program with a server's log; `shell` says where its standard error goes. */
async function run(program: string, shell: string) {
  const script = `"$0" --input-type=module --eval "$1" ${shell}`
  const child = spawn('sh', ['-c', script, process.execPath, withLog(program)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { out, code }
}

const LOUD = `
  for (let round = 0; round < 50; round++) {
    serverLog.log.info({ filler: 'x'.repeat(200_000) }, 'line')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  console.log('lost ' + (serverLog.dropped > 0))
  serverLog.end()
  process.exit(5)
`

describe.runIf(process.platform === 'linux')('the log of a server', () => {
  test('loses no line when the process ends at once behind it', async () => {
    for (const shell of ['2>&1', '2>&1 | cat']) {
      const { out } = await run(
        `for (let i = 0; i < 2_000; i++) serverLog.log.info({ i }, 'line')
         serverLog.end()
         process.exit(5)`,
        shell,
      )
      const numbers = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).i)
      expect(numbers, shell).toEqual(Array.from({ length: 2_000 }, (_, i) => i))
    }
  })

  test('on a full disk costs lines, counted, and nothing else', async () => {
    expect(await run(LOUD, '2>/dev/full')).toEqual({ out: 'lost true\n', code: 5 })
  })

  test('in a pipe that nobody empties costs lines, counted, and holds up neither the work nor the end', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', withLog(LOUD)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect({ out, code }).toEqual({ out: 'lost true\n', code: 5 })
    child.stderr.destroy()
  })
})

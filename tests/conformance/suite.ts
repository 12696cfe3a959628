/**
 * Runs the public ADL suite (adlnet/lrs-conformance-test-suite, branch adding-back-compat) against a fresh server:
 * npm run conformance -- --suite DIR --version 1.0.3|2.0.0 [--store mongodb://HOST/DATABASE] [--grep PATTERN] [--minutes 15]
 * DIR is a checkout outside the project with its packages installed. Without --store it runs on SQLite; `mongo` starts a
 * server as the tests do; a database that is named should be empty, and stays. Exit code 0: every test passed.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const USAGE =
  'Usage: npm run conformance -- --suite DIR --version 1.0.3|2.0.0 [--store sqlite|mongo|mongodb://HOST/DATABASE] [--grep PATTERN] [--minutes 15]'

interface Failure {
  title: string
  message: string
}
interface Run {
  total: number
  passed: number
  failures: Failure[]
  /** Why the run ended before its last test. */
  broken?: string
}

const { suite, version, store, grep, minutes } = readArguments()
const server = fork(new URL('./support/serve.ts', import.meta.url), [store], { stdio: 'inherit' })
const serverEnd = endOf(server)
const started = await Promise.race([messageOf(server), serverEnd])
const run = typeof started === 'number' ? notStarted(started) : await runSuite(started)
if (server.connected) server.disconnect()
const code = await serverEnd
report(run)
if (code !== 0 && !run.broken)
  console.log(`Errors inside the server, told above; it ended with code ${code}.`)
process.exit(run.total > 0 && run.passed === run.total && !run.broken && code === 0 ? 0 : 1)

/** The suite speaks over the channel that its own console runner uses: each test's title and end, as they happen. */
function runSuite(lrs: { endpoint: string; key: string; secret: string }): Promise<Run> {
  const run: Run = { total: 0, passed: 0, failures: [] }
  const titles: string[] = []
  const child = fork(join(suite, 'bin', 'lrs-test.js'), ['--debug'], {
    cwd: suite,
    execPath: suiteNode(),
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const kill = () => {
    // With all that it started; it may have ended by itself.
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      child.kill('SIGKILL')
    }
  }
  process.once('exit', kill)
  return new Promise<Run>((done) => {
    const end = (broken?: string) => {
      kill()
      done(broken ? { ...run, broken } : run)
    }
    const timer = setTimeout(() => end(`The suite did not end within ${minutes} minutes.`), minutes * 60_000)
    timer.unref()
    child.once('exit', (code) => end(`The suite ended with code ${code} before its last test.`))
    void serverEnd.then((code) => end(`The server ended with code ${code} during the suite.`))
    child.on('message', ({ action, payload }: { action: string; payload: never }) => {
      const doing: Record<string, () => void> = {
        ready: () => child.send({ action: 'runTests', payload: flags(lrs) }),
        start: () => {
          run.total = payload
        },
        'suite start': () => titles.push(payload),
        'suite end': () => titles.pop(),
        'test pass': () => {
          run.passed += 1
        },
        'test fail': () => {
          const { title, message } = payload as Failure
          run.failures.push({ title: [...titles, title].filter(Boolean).join(' > '), message })
        },
        end: () => end(),
      }
      doing[action]?.()
    })
  })
}

function flags({ endpoint, key, secret }: { endpoint: string; key: string; secret: string }) {
  return {
    xapiVersion: version,
    endpoint,
    basicAuth: true,
    authUser: key,
    authPass: secret,
    errors: true,
    ...(grep === undefined ? {} : { grep }),
  }
}

function report({ total, passed, failures, broken }: Run): void {
  for (const { title, message } of failures) console.log(`\nFAILED  ${title}\n        ${message}`)
  if (broken) console.log(`\n${broken}`)
  console.log(`\n${version}: ${passed} of ${total} passed`)
}

function notStarted(code: number): Run {
  return {
    total: 0,
    passed: 0,
    failures: [],
    broken: `The server did not start; it ended with code ${code}.`,
  }
}

function messageOf(child: ChildProcess): Promise<{ endpoint: string; key: string; secret: string }> {
  return new Promise((done) => {
    child.once('message', (message) => done(message as never))
  })
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((done) => {
    child.once('exit', (code, signal) => done(code ?? (signal ? 1 : 0)))
  })
}

/** The machine's own Node rather than the project's: the suite's packages are of its age. */
function suiteNode(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '' || folder.includes('node_modules')) continue
    const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return process.execPath
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      version: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      grep: { type: 'string' },
      minutes: { type: 'string', default: '15' },
    },
  })
  const suite = values.suite === undefined ? undefined : resolve(values.suite)
  const minutes = Number(values.minutes)
  const isStore = /^(sqlite|mongo|mongodb(\+srv)?:\/\/.+)$/.test(values.store)
  if (!suite || !['1.0.3', '2.0.0'].includes(values.version ?? '') || !(minutes > 0) || !isStore) {
    console.error(USAGE)
    process.exit(2)
  }
  if (!existsSync(join(suite, 'bin', 'lrs-test.js')) || !existsSync(join(suite, 'node_modules'))) {
    console.error(
      `${suite} is not a checkout of adlnet/lrs-conformance-test-suite with its packages installed.`,
    )
    process.exit(2)
  }
  return { suite, version: values.version as string, store: values.store, grep: values.grep, minutes }
}

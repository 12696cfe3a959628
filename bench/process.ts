import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A process that is measured: what it took of CPU and memory so far. */
export interface MeasuredProcess {
  pid: number
  /** CPU of all its threads since it began, user and system. */
  cpuMs(): number
  rssBytes(): number
  peakRssBytes(): number
  /** SIGTERM, and SIGKILL when it has not ended in 15 s. Resolves to the exit code, null after a signal. */
  stop(): Promise<number | null>
}

/** Kernel clock ticks of /proc/PID/stat per second: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
const STOP_MS = 15_000

/** Starts a script of the project under this Node, without this shell's settings, with standard output as a pipe. */
export function startScript(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  errors: 'inherit' | 'pipe' | number = 'inherit',
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', errors],
  })
}

export function measured(child: ChildProcess): MeasuredProcess {
  const pid = child.pid!
  const memory = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) *
    1024
  return {
    pid,
    cpuMs() {
      // Behind the name, which may hold anything but ends with the last parenthesis; utime and stime are fields 14 and 15.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
    },
    rssBytes: () => memory('VmRSS'),
    peakRssBytes: () => memory('VmHWM'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      const code = await closed
      clearTimeout(patience)
      return code
    },
  }
}

/** What a process has printed once `ready` is in it. Rejects when it ends before. */
export function printedUntil(child: ChildProcess, ready: string | RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (typeof ready === 'string' ? text.includes(ready) : ready.test(text)) resolve(text)
    })
    child.once('close', (code) => reject(new Error(`Ended with ${code} before it was ready:\n${text}`)))
  })
}

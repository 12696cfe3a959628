import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from './process.ts'

/** What figures were measured on. */
export interface Machine {
  cpu: string
  cores: number
  memoryBytes: number
  kernel: string
  fileSystem: string
  /** An append of 4 kB, written through to the disk; milliseconds. */
  fsync: { p50: number; p99: number }
  versions: { node: string; sqlite: string; express: string }
}

/** Magic numbers of file systems that live in memory (statfs(2)). */
const IN_MEMORY = new Set([0x01021994, 0x858458f6])
const SYNCS = 300

/** Why nothing measured in this folder would count; null when it does. */
export function whyVoid(folder: string): string | null {
  if (process.platform !== 'linux')
    return 'The bench reads CPU and memory from /proc, which only Linux has. Run it in a container or a virtual machine.'
  if (!IN_MEMORY.has(statfsSync(folder).type)) return null
  return `${folder} lies in memory (tmpfs): there, a commit costs nothing and every figure is void. Name a folder on a disk: npm run bench -- --folder PATH`
}

export function describeMachine(folder: string): Machine {
  const [first] = cpus()
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    fileSystem: fileSystemOf(folder),
    fsync: measureFsync(folder),
    versions: {
      node: process.versions.node,
      sqlite: process.versions.sqlite ?? 'none',
      express: versionOf('express'),
    },
  }
}

/** The machine in lines for people. */
export function machineLines(machine: Machine): string[] {
  const { fsync, versions } = machine
  return [
    `CPU          ${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    `Kernel       Linux ${machine.kernel}`,
    `File system  ${machine.fileSystem}; fsync of 4 kB: p50 ${fsync.p50.toFixed(2)} ms, p99 ${fsync.p99.toFixed(2)} ms`,
    `Versions     Node ${versions.node}, SQLite ${versions.sqlite}, Express ${versions.express}`,
  ]
}

/** Type and device of the mount that holds a folder. */
function fileSystemOf(folder: string): string {
  const path = resolve(folder)
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at]) => at === '/' || path === at || path.startsWith(`${at}/`))
  const [device, , type] = mounts.toSorted((a, b) => a[1]!.length - b[1]!.length).at(-1) ?? []
  return `${type ?? 'unknown'} on ${device ?? 'unknown'}`
}

function measureFsync(folder: string): Machine['fsync'] {
  const path = join(folder, 'fsync')
  const file = openSync(path, 'a')
  const page = Buffer.alloc(4096, 1)
  const times: number[] = []
  for (let i = 0; i < SYNCS; i++) {
    const start = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    times.push(performance.now() - start)
  }
  closeSync(file)
  rmSync(path)
  times.sort((a, b) => a - b)
  return { p50: times[Math.floor(SYNCS * 0.5)]!, p99: times[Math.floor(SYNCS * 0.99)]! }
}

function versionOf(name: string): string {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

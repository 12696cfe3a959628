import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Puts files out of the kernel's cache, so that the next read of them goes to the disk. */
export interface FileCache {
  /** What does it, in words for who reads the figures. */
  how: string
  drop(files: readonly string[]): Promise<void>
  close(): void
}

/** POSIX_FADV_DONTNEED for each file named on a line; Node has no call for it. Only what is on disk already leaves. */
const DROP = `
import os, sys, json
for line in sys.stdin:
    for path in json.loads(line):
        file = os.open(path, os.O_RDONLY)
        os.fdatasync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
    print(flush=True)
`

/** Null where there is no Python to make the call. */
export async function openFileCache(): Promise<FileCache | null> {
  const child = spawn('python3', ['-c', DROP], { stdio: ['pipe', 'pipe', 'ignore'] })
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true)).once('error', () => resolve(false))
  })
  if (!started) return null
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    how: 'posix_fadvise(POSIX_FADV_DONTNEED) on the database files before each request',
    async drop(files) {
      child.stdin.write(`${JSON.stringify(files)}\n`)
      if ((await answers.next()).done) throw new Error('The helper that empties the file cache has ended.')
    },
    close: () => child.stdin.end(),
  }
}

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that is soon full. */
export interface SmallDisk {
  folder: string
  /** Takes all that is free. */
  fill(): void
  /** Gives it free again. */
  free(): void
  remove(): void
}

/** null where this account may mount nothing. */
export function mountSmallDisk(bytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'suotdoi-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', folder], {
      stdio: 'ignore',
    })
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      const file = openSync(filler, 'a')
      for (let size = 1 << 20; size >= 1; ) {
        try {
          if (writeSync(file, Buffer.alloc(size)) === 0) break
        } catch {
          size >>= 1
        }
      }
      closeSync(file)
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync('umount', ['--lazy', folder])
      rmSync(folder, { recursive: true })
    },
  }
}

/** A disk of its own that can be made to fail as disks do: the system goes over to reading alone, whatever is open. */
export interface FailingDisk {
  folder: string
  /** From now on every write is refused, on files that are open too. */
  fail(): void
  /** Gives a sound disk again; nobody may have a file on it open. */
  mend(): void
  remove(): void
}

/** null where this account may mount nothing, or has no ext4 to mount. */
export function mountFailingDisk(bytes: number): FailingDisk | null {
  const own = mkdtempSync(join(tmpdir(), 'suotdoi-disk-'))
  const [image, folder] = [join(own, 'image'), join(own, 'disk')]
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' })
  const mount = () => run('mount', '-t', 'ext4', '-o', 'loop', image, folder)
  mkdirSync(folder)
  try {
    run('truncate', '--size', String(bytes), image)
    run('mkfs.ext4', '-q', image)
    mount()
  } catch {
    rmSync(own, { recursive: true })
    return null
  }
  return {
    folder,
    fail: () => run('mount', '-o', 'remount,abort', folder),
    mend() {
      run('umount', folder)
      mount()
    },
    remove() {
      run('umount', '--lazy', folder)
      rmSync(own, { recursive: true })
    },
  }
}

/**
 * Lays a view of a folder over it that cannot be written; who has files under it open writes on. null where this account
 * may mount nothing.
 */
export function layReadOnly(folder: string): { lift(): void } | null {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' })
  try {
    run('mount', '--bind', folder, folder)
  } catch {
    return null
  }
  run('mount', '-o', 'remount,bind,ro', folder)
  return { lift: () => run('umount', '--lazy', folder) }
}

/** Whether this account may mount anything. */
export function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'suotdoi-disk-'))
  const laid = layReadOnly(folder)
  laid?.lift()
  rmSync(folder, { recursive: true })
  return laid !== null
}

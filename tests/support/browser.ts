import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import packed from '@sparticuz/chromium'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

/**
 * A Chromium: the one `CHROMIUM_PATH` names, else one on PATH, else the one that npm brought. One per test file, closed
 * by the file that opened it; a context per reader.
 */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumPath(), args: ARGS })
}

/** A browser that keeps what it has in a folder, and finds it there when it is opened again. */
export async function openLasting(folder: string, options: BrowserContextOptions): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: await chromiumPath(),
    args: ARGS,
    ...options,
  })
}

/** Containers have no user namespaces and little shared memory; the pages are our own. */
const ARGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
]

async function chromiumPath(): Promise<string> {
  const named = process.env.CHROMIUM_PATH
  if (named) return named
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (found) return found
  }
  return unpackOnce()
}

/** The packed Chromium is unpacked into the temporary folder at its first use; test files that run at once wait for it. */
async function unpackOnce(): Promise<string> {
  const lock = join(tmpdir(), 'unpacking-chromium')
  while (!take(lock)) await pause(100)
  try {
    return await packed.executablePath()
  } finally {
    rmdirSync(lock)
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    // Left behind by a run that was killed.
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 60_000) rmdirSync(lock)
    return false
  }
}

// Installs the npm packages when they are absent or older than the lock file.
// Runs before `npm start`, `npm test` and the other scripts, on whatever Node the machine has (20 or newer);
// everything else runs on the Node that this brings (see docs/adr/0001-runtime-from-npm.md).
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installed = `${root}node_modules/.package-lock.json`
const wanted = `${root}package-lock.json`

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  console.error('Installing packages (once; about a minute) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  if (npm) execFileSync(process.execPath, [npm, ...args], options)
  else execFileSync('npm', args, { ...options, shell: process.platform === 'win32' })
  const node = `${root}node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`
  try {
    execFileSync(node, ['--disable-warning=ExperimentalWarning', 'app/warm-up.ts'], {
      ...options,
      shell: process.platform === 'win32',
    })
  } catch {
    // Without it the first start is slower, and says itself what is wrong.
  }
}

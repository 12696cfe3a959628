import { execFile, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCommand } from '../../app/cli/parse.ts'
import { withAttachment } from '../faults/product.ts'
import { type Product, startProduct } from '../support/product.ts'
import { olderSchema } from '../torture/folder.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGE = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')
const BACKUP = '/backup/suotdoi/2026-11-24'

const ATTACHED = 900_000
const CONTENT = 'Chứng chỉ của một bài học'
const hasGpg = spawnSync('gpg', ['--version']).status === 0

let root: string
let server: Product
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'operations-'))
  // `npm run suotdoi` as it is on the page, without npm's own second; `npm start` is done by the tests themselves.
  stand(
    'npm',
    `[ "$1" = start ] && exit 0\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "${process.execPath}" --disable-warning=ExperimentalWarning app/cli/main.ts "$@"`,
  )
  // The other machine is another folder.
  stand('ssh', `shift\nexec sh -c "$(printf %s "$*" | sed 's|${at('backups')}|${at('other/backups')}|g')"`)
  for (const folder of ['backups', 'away', 'home']) mkdirSync(at(folder))
  writeFileSync(at('password'), 'a password of this test\n')
  server = await startProduct({ demo: true })
}, 60_000)
afterAll(async () => {
  await server?.stop()
  rmSync(root, { recursive: true, force: true })
})

const at = (name: string) => join(root, name)
/** A program on the path of the page's commands. */
function stand(name: string, script: string): void {
  writeFileSync(at(name), `#!/bin/sh\n${script}\n`)
  chmodSync(at(name), 0o755)
}

/** Runs words of the page in a shell, with its folders moved under this test's. */
function shell(
  words: string,
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const moved = words
    .replaceAll('/backup/suotdoi', at('backups'))
    .replaceAll('/tmp/suotdoi-drill', at('drill'))
    .replaceAll('/media/away', at('away'))
    .replaceAll('/etc/suotdoi-backup.password', at('password'))
    .replaceAll('/var/lib/suotdoi', at('var'))
  const { PATH = '' } = process.env
  return new Promise((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', moved],
      { cwd: ROOT, env: { PATH: `${root}:${PATH}`, HOME: at('home'), DATA_DIR: server.dataDir, ...env } },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    )
  })
}
const suotdoi = (words: string, dataDir = server.dataDir) =>
  shell(`npm run suotdoi -- ${words}`, { DATA_DIR: dataDir })

/** A block of a section of the page, the first unless said otherwise. */
function block(heading: string, number = 0): string {
  const section = PAGE.slice(PAGE.indexOf(`\n${heading}\n`) + heading.length).split(/\n##+ /)[0] ?? ''
  const found = [...section.matchAll(/```sh\n([\s\S]*?)```/g)][number]?.[1]
  if (!found) throw new Error(`no commands under ${heading}`)
  return found
}

const credentialHeaders = () => ({
  Authorization: `Basic ${Buffer.from(`${server.credential.key}:${server.credential.secret}`).toString('base64')}`,
  'X-Experience-API-Version': '1.0.3',
})

async function send(to: Product, body: unknown): Promise<number> {
  const response = await fetch(`${to.url}/xapi/statements`, {
    method: 'POST',
    headers: { ...credentialHeaders(), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.status
}

const statement = (n: number) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  actor: { account: { homePage: 'https://lms.example.vn', name: String(n % 40) } },
  verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
  object: { id: `https://lms.example.vn/course/${n % 20}`, definition: { name: { vi: `Bài ${n % 20}` } } },
})

async function get(from: Product, path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${from.url}${path}`, {
    headers: credentialHeaders(),
  })
  return { status: response.status, body: await response.text() }
}

/** Cookies of someone who signed in with the form. */
async function signIn(to: Product, who: { identifier: string; password: string }): Promise<string> {
  const response = await fetch(`${to.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: to.url },
    body: new URLSearchParams({ identifier: who.identifier, password: who.password }),
  })
  expect(response.status).toBeLessThan(400)
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

async function page(of: Product, path: string, cookie: string): Promise<string> {
  const response = await fetch(`${of.url}${path}`, { headers: { Cookie: cookie } })
  expect(response.status, path).toBe(200)
  return response.text()
}

describe('docs/operations.md', () => {
  test('every command on it is one that there is', () => {
    const commands = [...PAGE.matchAll(/(?:npm run (?:--silent )?suotdoi -- |app\/cli\/main\.ts )([^\n`]+)/g)]
    expect(commands.length).toBeGreaterThan(10)
    for (const [, typed = ''] of commands) {
      const words = typed
        .replaceAll('"', '')
        .replace(/\$\([^)]*\)/, 'now')
        .split(/\s+/)
        .filter(Boolean)
      expect(parseCommand(words), typed).toMatchObject({ kind: 'command' })
    }
  })

  test('a backup under load is restored by the drill: the same statements, records, lessons and attachments', async () => {
    let next = 1
    let loading = true
    const acknowledged: number[] = []
    const load = Array.from({ length: 8 }, async () => {
      while (loading) {
        const from = next
        next += 10
        const status = await send(
          server,
          Array.from({ length: 10 }, (_, i) => statement(from + i)),
        )
        expect(status).toBe(200)
        acknowledged.push(from)
      }
    })
    const { headers, ...attached } = withAttachment(ATTACHED, CONTENT)
    const sent = await fetch(`${server.url}/xapi/statements`, {
      ...attached,
      headers: { ...headers, ...credentialHeaders() },
    })
    expect(sent.status).toBe(200)
    while (acknowledged.length < 50) await setTimeout(20)
    const before = [...acknowledged]
    const made = await shell(block('## Backup'))
    loading = false
    await Promise.all(load)
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('Backed up to') })
    expect(server.logged()).not.toContain('"level":50')

    const [exported, restore, verify, started] = block('## Restore drill').trim().split('\n') as [
      string,
      string,
      string,
      string,
    ]
    expect(started).toBe('npm start')
    const restored = await shell(`${exported}\n${restore}`)
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('Restored into') })
    const well = await shell(`${exported}\n${verify}`)
    expect(well.out).toContain('Nothing is wrong')
    expect(well.code).toBe(0)

    mkdirSync(at('moved'))
    const second = await startProduct({ dataDir: at('drill') })
    try {
      // Whatever was acknowledged before the backup began is there, and batches are whole.
      for (const from of before) {
        const path = (n: number) => `/xapi/statements?statementId=${statement(n).id}`
        expect((await get(second, path(from))).body).toBe((await get(server, path(from))).body)
      }
      const kept = await get(
        second,
        `/xapi/statements?attachments=true&statementId=${statement(ATTACHED).id}`,
      )
      expect(kept.body).toContain(CONTENT)
      const me = server.demo.find(({ who }) => who === 'citizen') ?? server.demo[0]!
      const [here, there] = await Promise.all([signIn(server, me), signIn(second, me)])
      const lines = (html: string) => [...html.matchAll(/href="(\/me\/[^"]+)"/g)].map(([, href]) => href)
      const record = await page(server, '/me', here)
      expect(lines(await page(second, '/me', there))).toEqual(lines(record))
      expect(lines(record).length).toBeGreaterThan(0)
      const lessons = (html: string) =>
        [...html.matchAll(/href="(\/lessons\/[^"]+)"/g)].map(([, href]) => href)
      const all = lessons(await page(server, '/lessons', here))
      expect(all.length).toBeGreaterThan(0)
      expect(lessons(await page(second, '/lessons', there))).toEqual(all)
    } finally {
      await second.stop({ keep: true })
    }
    const blobs = (folder: string) =>
      readdirSync(join(folder, 'blobs/main'), { recursive: true })
        .map(String)
        .filter((name) => name.length > 60)
        .sort()
    expect(blobs(at('drill'))).toEqual(blobs(server.dataDir))
  }, 120_000)

  test('the nightly script keeps the newest, and removes what a killed one left', async () => {
    const script = block('### Every night')
    mkdirSync(at('nights'))
    for (const old of ['2020-01-01-013000', '2020-01-02-013000', '2020-01-03-013000.partial', 'mine'])
      mkdirSync(join(at('nights'), old))
    const done = await shell(script, { SUOTDOI: ROOT, BACKUPS: at('nights'), KEEP: '2' })
    expect(done).toMatchObject({ code: 0 })
    const names = readdirSync(at('nights')).sort()
    expect(names).toHaveLength(3)
    expect(names[0]).toBe('2020-01-02-013000')
    expect(names[2]).toBe('mine')
    expect(existsSync(join(at('nights'), names[1]!, 'manifest.json'))).toBe(true)
  }, 60_000)

  test('damage is named, mended by the commands of the table, and gone', async () => {
    const folder = at('damaged')
    expect((await suotdoi(`restore ${BACKUP}`, folder)).code).toBe(0)
    const db = new DatabaseSync(join(folder, 'tenants/main.db'))
    db.exec("DELETE FROM entry WHERE term IN (SELECT no FROM term WHERE key LIKE 'verb:%')")
    db.exec("UPDATE doc SET value = json_set(value, '$.tally.count', 77) WHERE collection = 'profiles.lines'")
    db.close()
    const blob = readdirSync(join(folder, 'blobs/main'), { recursive: true })
      .map(String)
      .find((name) => name.length > 60)!
    writeFileSync(join(folder, 'blobs/main', blob), 'damaged')

    const told = await suotdoi('verify', folder)
    expect(told.code).toBe(1)
    for (const kind of [
      'entry-missing',
      'record-line',
      'blob-changed',
      'rebuild indexes',
      'rebuild transcript',
      blob,
    ])
      expect(told.out).toContain(kind)

    expect((await suotdoi('rebuild indexes', folder)).code).toBe(0)
    expect((await suotdoi('rebuild transcript', folder)).code).toBe(0)
    const saved = join(BACKUP, 'blobs/main', blob)
    expect((await shell(`cp ${saved} ${join(folder, 'blobs/main', blob)}`)).code).toBe(0)
    const well = await suotdoi('verify --json', folder)
    expect(JSON.parse(well.out)).toMatchObject({ ok: true, findings: [] })
  }, 120_000)

  test('a damaged backup is refused by name, a folder in use and one that is not empty are refused in words', async () => {
    const copy = at('bad')
    expect((await shell(`cp -r ${BACKUP} ${copy}`)).code).toBe(0)
    writeFileSync(join(copy, 'system.db'), 'damaged')
    const refused = await suotdoi(`restore ${copy}`, at('never'))
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('system.db') })
    const inUse = await suotdoi(`restore ${BACKUP}`)
    expect(inUse).toMatchObject({ code: 1, err: expect.stringContaining('already uses') })
    const full = await suotdoi(`restore ${BACKUP}`, at('drill'))
    expect(full).toMatchObject({ code: 1, err: expect.stringContaining('not empty') })
  }, 30_000)

  test(`a backup is encrypted, carried away, and comes back byte for byte${hasGpg ? '' : ' (without gpg, which is not on this machine)'}`, async () => {
    const heading = '### Away from the machine'
    if (!hasGpg)
      stand(
        'gpg',
        `while [ $# -gt 1 ]; do case "$1" in --output) exec cat > "$2";; --decrypt) exec cat "$2";; esac; shift; done`,
      )
    expect(await shell(block(heading))).toMatchObject({ code: 0 })
    if (hasGpg) expect(readFileSync(at('away/2026-11-24.tar.gpg')).includes('manifest.json')).toBe(false)
    renameSync(at('backups/2026-11-24'), at('original'))
    expect(await shell(block(heading, 1))).toMatchObject({ code: 0, out: '' })
    expect(await shell(`diff -r ${at('original')} ${BACKUP}`)).toMatchObject({ code: 0, out: '' })
  }, 30_000)

  test('an upgrade brings older data up to date; the older version refuses what came of it, and goes on with the backup made before', async () => {
    const heading = '## Upgrade, and going back'
    const known = `/xapi/statements?statementId=${statement(ATTACHED).id}`
    expect(await shell(block(heading))).toMatchObject({ code: 0 })
    // What the version before this one left.
    expect((await suotdoi('restore /backup/suotdoi/before-upgrade', at('var'))).code).toBe(0)
    olderSchema(at('var'))
    const upgraded = await startProduct({ dataDir: at('var') })
    const verified = await shell(block(heading, 1), { DATA_DIR: at('var') })
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is wrong') })
    expect((await get(upgraded, known)).body).toBe((await get(server, known)).body)
    expect(await upgraded.stop({ keep: true })).toBe(0)

    const db = new DatabaseSync(join(at('var'), 'tenants/main.db'))
    db.exec('PRAGMA user_version = 9999')
    db.close()
    await expect(startProduct({ dataDir: at('var') })).rejects.toThrow('newer version')
    expect(await shell(block(heading, 2), { DATA_DIR: at('var') })).toMatchObject({ code: 0 })
    expect(existsSync(at('var.newer'))).toBe(true)
    const back = await startProduct({ dataDir: at('var') })
    expect((await get(back, known)).body).toBe((await get(server, known)).body)
    expect(await back.stop({ keep: true })).toBe(0)
  }, 60_000)

  test('everything moves to another machine: statements, keys, people and who is signed in', async () => {
    const heading = '### Another machine'
    const me = server.demo.find(({ who }) => who === 'citizen')!
    const cookie = await signIn(server, me)
    const known = `/xapi/statements?attachments=true&statementId=${statement(ATTACHED).id}`
    const before = await get(server, known)
    const { url, credential, demo, dataDir } = server
    expect(await server.stop({ keep: true })).toBe(0)
    expect(await shell(block(heading))).toMatchObject({ code: 0 })
    const there = block(heading, 1)
      .replaceAll('/backup/suotdoi', at('other/backups'))
      .replaceAll('/var/lib/suotdoi', at('other/data'))
    expect(await shell(there)).toMatchObject({ code: 0 })
    rmSync(join(dataDir, '..'), { recursive: true })
    const env = { PUBLIC_URL: url, PORT: new URL(url).port }
    server = { ...(await startProduct({ dataDir: at('other/data'), env })), credential, demo }
    const boundary = /--[\w-]{20,}/g
    expect((await get(server, known)).body.replace(boundary, '')).toBe(before.body.replace(boundary, ''))
    expect(await page(server, '/me', cookie)).toContain('/me/')
  }, 60_000)

  test('a lost operator account is replaced, and the secret of sessions made anew, on the machine', async () => {
    const someone = server.demo.at(-1)!
    const link = await shell(block('### Nobody can sign in as an operator'))
    expect(link).toMatchObject({ code: 0, out: expect.stringMatching(/https?:\/\/\S+#\S+/) })
    const given = await suotdoi(`person role ${someone.identifier} operator`)
    expect(given).toMatchObject({ code: 0, out: expect.stringContaining('operator') })
    expect(await suotdoi('secret rotate session')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Restart'),
    })
    expect(await suotdoi('secret rotate other')).toMatchObject({ code: 1 })
  }, 30_000)

  test('the digests are read by sha256sum as the page says', async () => {
    const check = await shell(`cd ${BACKUP} && sha256sum --quiet --check SHA256SUMS`)
    expect(check).toMatchObject({ code: 0, out: '' })
  })
})

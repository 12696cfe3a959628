import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Product, run, startProduct } from '../support/product.ts'

/** What the README's curl line sends. */
const STATEMENT = {
  actor: { account: { homePage: 'https://lms.example.vn', name: '1024' } },
  verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { vi: 'đã hoàn thành' } },
  object: { id: 'https://lms.example.vn/course/7' },
}

const basic = ({ key, secret }: { key: string; secret: string }) =>
  `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`

function post(product: Product, credential = product.credential): Promise<Response> {
  return fetch(`${product.url}/xapi/statements`, {
    method: 'POST',
    headers: {
      Authorization: basic(credential),
      'Content-Type': 'application/json',
      'X-Experience-API-Version': '1.0.3',
    },
    body: JSON.stringify(STATEMENT),
  })
}

function suotdoi(product: Pick<Product, 'dataDir'>, ...args: string[]) {
  return run(['app/cli/main.ts', ...args], { DATA_DIR: product.dataDir })
}

describe('what the README promises of npm start', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct()
  })
  afterAll(() => product.stop())

  test('the first start makes a folder that only its owner may open', async () => {
    expect((await stat(product.dataDir)).mode & 0o777).toBe(0o700)
    expect(product.output()).toContain(product.dataDir)
  })

  test('the xAPI endpoint takes a statement with the printed credential, and gives it back', async () => {
    const answer = await post(product)
    expect(answer.status).toBe(200)
    const [id] = (await answer.json()) as string[]
    const read = await fetch(`${product.url}/xapi/statements?statementId=${id}`, {
      headers: { Authorization: basic(product.credential), 'X-Experience-API-Version': '1.0.3' },
    })
    expect(await read.json()).toMatchObject({ id, ...STATEMENT })
  })

  test('the log says who was answered, by credential and request id, and nothing of what was sent', async () => {
    const answer = await post(product)
    const id = answer.headers.get('X-Request-Id') ?? 'none'
    const line = await vi.waitFor(() => {
      const found = product
        .logged()
        .split('\n')
        .find((one) => one.includes(id))
      return JSON.parse(found ?? 'not yet')
    }, 30_000)
    expect(line).toMatchObject({
      method: 'POST',
      route: '/xapi/statements',
      status: 200,
      credential: product.credential.key,
    })
    for (const secret of [product.credential.secret, basic(product.credential).slice(6), 'lms.example.vn'])
      expect(product.logged()).not.toContain(secret)
  })

  test('there are no default passwords: without a credential nothing is taken', async () => {
    expect((await post(product, { key: product.credential.key, secret: 'admin' })).status).toBe(401)
  })

  test('the set-up link opens the page that makes the operator', async () => {
    expect(product.setupUrl).toMatch(new RegExp(`^${product.url}/setup/.{20,}`))
    const page = await fetch(product.setupUrl)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<form')
  })

  test('a second server on the same folder is refused in words', async () => {
    const second = await run(['app/main.ts'], { PORT: '0', DATA_DIR: product.dataDir })
    expect(second.code).toBe(1)
    expect(second.err).toContain(product.dataDir)
    expect(second.err).toMatch(/already|another/i)
    expect(second.err).not.toMatch(/^\s+at /m)
  })

  test('a port in use is told in words', async () => {
    const port = new URL(product.url).port
    const folder = join(product.dataDir, '..', 'other')
    const second = await run(['app/main.ts'], { PORT: port, DATA_DIR: folder })
    expect(second.code).toBe(1)
    expect(second.err).toContain(`Port ${port} is in use`)
  })

  test('suotdoi commands reach the running server', async () => {
    const created = await suotdoi(product, 'source', 'create', '--name', 'Moodle xã', '--json')
    expect([created.code, created.err]).toEqual([0, ''])
    const source = JSON.parse(created.out)
    const issued = await suotdoi(product, 'credential', 'create', '--source', source.id, '--json')
    const { credential, secret } = JSON.parse(issued.out)
    expect((await post(product, { key: credential.key, secret })).status).toBe(200)

    const revoked = await suotdoi(product, 'credential', 'revoke', credential.key)
    expect(revoked.code).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect((await post(product, { key: credential.key, secret })).status).toBe(401)
    const listed = await suotdoi(product, 'credential', 'list')
    expect(listed.out).toContain('revoked')
    expect(listed.out).not.toContain(secret)
  })

  test('a command that is refused says what to do, with exit code 1', async () => {
    const refused = await suotdoi(product, 'credential', 'create', '--source', 'nobody')
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('nobody')
  })

  test('a restart shows no secret, keeps what was stored, and SIGTERM ends with 0', async () => {
    expect(await product.stop({ keep: true })).toBe(0)
    const { credential, setupUrl } = product
    const cutOff = join(product.dataDir, 'uploads', 'upload-of-a-killed-server')
    writeFileSync(cutOff, '')
    product = await startProduct({ dataDir: product.dataDir })
    expect(product.credential).toEqual({ key: '', secret: '' })
    for (const secret of [credential.secret, setupUrl.split('/').pop() ?? '-'])
      expect(product.output() + product.logged()).not.toContain(secret)
    expect((await post(product, credential)).status).toBe(200)
    expect(existsSync(cutOff)).toBe(false)
    // The link of the first start still holds until it is used.
    expect((await fetch(`${product.url}${new URL(setupUrl).pathname}`)).status).toBe(200)
  })

  test('commands work without a server, and not beside a lock', async () => {
    await product.stop({ keep: true })
    const listed = await suotdoi(product, 'source', 'list')
    expect([listed.code, listed.err]).toEqual([0, ''])
    expect(listed.out).toContain('Moodle xã')
    product = await startProduct({ dataDir: product.dataDir })
  })
})

describe('what containers and mistakes meet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suotdoi-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('LRS_KEY and LRS_SECRET are the first credential, and the secret is not printed', async () => {
    const given = { key: 'container-key', secret: 'a-secret-of-a-container' }
    const env = { LRS_KEY: given.key, LRS_SECRET: given.secret }
    const product = await startProduct({ env })
    expect((await post(product, given)).status).toBe(200)
    expect(product.output() + product.logged()).not.toContain(given.secret)
    await product.stop({ keep: true })
    const again = await startProduct({ dataDir: product.dataDir, env })
    expect((await post(again, given)).status).toBe(200)
    await again.stop()
  })

  test('--help lists the settings, an unknown option is told, a bad value too', async () => {
    const help = await run(['app/main.ts', '--help'])
    expect([help.code, help.err]).toEqual([0, ''])
    expect(help.out).toContain('PUBLIC_URL')
    const unknown = await run(['app/main.ts', '--fast'])
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('--fast')])
    const bad = await run(['app/main.ts'], {
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      DATA_DIR: join(folder, 'bad'),
    })
    expect([bad.code, bad.err]).toEqual([2, expect.stringMatching(/PORT[\s\S]*LOG_LEVEL/)])
    expect(await readdir(folder)).toEqual([])
  })

  test('a folder that cannot be made is told in words', async () => {
    const product = await run(['app/main.ts'], { PORT: '0', DATA_DIR: '/dev/null/data' })
    expect(product.code).toBe(1)
    expect(product.err).toContain('/dev/null/data')
    expect(product.err).not.toMatch(/^\s+at /m)
  })

  test('--demo fills an empty store and refuses one that is not', async () => {
    const product = await startProduct({ demo: true })
    expect(product.demo.map((one) => one.who)).toEqual(['citizen', 'author', 'operator'])
    await product.stop({ keep: true })
    const again = await run(['app/main.ts', '--demo'], { PORT: '0', DATA_DIR: product.dataDir })
    expect(again.code).toBe(1)
    expect(again.err).toContain('empty')
    rmSync(join(product.dataDir, '..'), { recursive: true })
  })

  test('npm run suotdoi without data says where it looked', async () => {
    const nothing = await suotdoi({ dataDir: join(folder, 'nothing') }, 'source', 'list')
    expect([nothing.code, nothing.err]).toEqual([3, expect.stringContaining(join(folder, 'nothing'))])
  })

  test('another program on the port does not leave a half-made start behind', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    const dataDir = join(folder, 'half', 'data')
    const failed = await run(['app/main.ts'], { PORT: port, DATA_DIR: dataDir })
    expect(failed.code).toBe(1)
    await new Promise((resolve) => other.close(resolve))
    const product = await startProduct({ dataDir })
    expect(product.setupUrl).not.toBe('')
    expect(product.credential.secret).not.toBe('')
    await product.stop()
  })
})

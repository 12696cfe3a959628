import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'
import { layReadOnly, mayMount } from './small-disk.ts'

let product: FaultyProduct
afterEach(() => product.stop())

/** Folders and files; sockets have nothing to do with it. */
function each(folder: string, act: (path: string, isFolder: boolean) => void): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const known = lstatSync(path)
    if (known.isDirectory()) each(path, act)
    else if (known.isFile()) act(path, false)
  }
  act(folder, true)
}
const lessonsOf = async (url: string) =>
  new Set((await (await fetch(`${url}/lessons`)).text()).match(/href="\/lessons\/[^"/]+"/g))
const forbid = (folder: string) => each(folder, (path, isFolder) => chmodSync(path, isFolder ? 0o500 : 0o400))
const permit = (folder: string) => each(folder, (path, isFolder) => chmodSync(path, isFolder ? 0o700 : 0o600))

/** How a folder becomes read-only, and what gives it back. */
const WAYS: Record<string, (folder: string) => () => void> = {
  'by its permissions': (folder) => {
    forbid(folder)
    return () => permit(folder)
  },
}
if (mayMount()) WAYS['as a file system mounted read-only'] = (folder) => layReadOnly(folder)!.lift
const lacks = mayMount() ? '' : ' (nothing may be mounted here: permissions alone)'

test.each(Object.keys(WAYS))(
  `a data folder that becomes read-only under the running server, %s${lacks}: what needs a new file is answered 503, also a commit once the database has to be opened anew; readers go on, and it recovers when it may write`,
  async (way) => {
    product = await startFaulty({ unprivileged: true })
    // The two lessons of the program are put in by files: cut off in the midst, that would make the database be opened anew.
    await expect.poll(() => lessonsOf(product.url).then((links) => links.size), { timeout: 30_000 }).toBe(2)
    const before = await writeUntil(product, 0, ({ acknowledged }) => acknowledged.length >= 30)
    expect(before.statuses).toEqual(new Set([200]))
    const { dataDir, credential } = product

    const giveBack = WAYS[way]!(dataDir)
    try {
      expect((await product.attach(5_000)).status).toBe(503)
      expect((await product.post(...Array.from({ length: 400 }, (_, i) => 6_000 + i))).status).toBe(503)
      // The files that it has open may still be written.
      const open = await product.post(1_000)
      expect(open.status).toBe(200)
      // A failed commit makes it open them anew.
      await product.fault({ failCommits: true })
      expect((await product.post(1_001)).status).toBe(503)
      await product.fault({ failCommits: false })
      const shut = await writeUntil(product, 2_000, ({ refused }) => refused.length >= 20)
      expect(shut.statuses).toEqual(new Set([503]))
      const refused = await product.post(2_999)
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
      expect(await missing(product, [...before.acknowledged, 1_000])).toEqual([])
      expect((await fetch(`${product.internalUrl}/health/ready`)).status).toBe(503)
    } finally {
      giveBack()
    }
    await expect.poll(async () => (await product.post(3_000)).status, { timeout: 30_000 }).toBe(200)
    expect((await product.attach(5_000)).status).toBe(200)

    await product.kill()
    product = await startFaulty({ dataDir, credential, unprivileged: true })
    expect(await missing(product, [...before.acknowledged, 1_000, 3_000, 5_000])).toEqual([])
    expect(await missing(product, [1_001, 2_000, 6_000])).toEqual([1_001, 2_000, 6_000])
    expect(await product.verify()).toEqual([])
  },
  120_000,
)

import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { HTTP_LIMITS } from './limits.ts'
import { readMultipart } from './multipart.ts'

const sha2 = (content: Buffer) => createHash('sha256').update(content).digest('hex')

/** Reads statements and attachments of these contents: what was kept of them, and how much memory was asked for. */
async function read(statements: string, contents: Buffer[]) {
  const parts = contents.flatMap((content) => [
    '--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n',
    `X-Experience-API-Hash: ${sha2(content)}\r\n\r\n`,
    content,
    '\r\n',
  ])
  const body = ['--b\r\nContent-Type: application/json\r\n\r\n', statements, '\r\n', ...parts, '--b--\r\n']
  async function* chunks() {
    yield Buffer.concat(body.map((piece) => Buffer.from(piece)))
  }
  let held = 0
  const received = await readMultipart(
    chunks(),
    'b',
    async (content) => {
      const all = Buffer.concat(await Array.fromAsync(content))
      return { sha2: sha2(all), size: all.length }
    },
    HTTP_LIMITS,
    (bytes) => {
      held += bytes
    },
  )
  return { kept: received.parts.map((part) => part.bytes?.length ?? null), held: held - statements.length }
}

test('attachments go to the store and not to memory; only what may be a signature is kept, and counted', async () => {
  const contents = [randomBytes(90_000), randomBytes(50_000)]
  expect(await read('{"usageType":"http://example.vn/photo"}', contents)).toEqual({
    kept: [null, null],
    held: 0,
  })
  expect(
    await read('{"usageType":"http:\\/\\/adlnet.gov\\/expapi\\/attachments\\/signature"}', contents),
  ).toEqual({
    kept: [90_000, 50_000],
    held: 140_000,
  })
})

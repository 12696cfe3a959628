import { createCipheriv, createHash, randomUUID } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { StartedServer } from '../server.ts'
import { credentialOf, READER } from './build.ts'
import { makeStatements } from './statements.ts'

/** A statement with room to fill, so that ten thousand are 30 MB. */
const STATEMENT_BYTES = 3_000

/** One array of so many statements, statement by statement. */
export function* batchText(count: number): Generator<string> {
  const made = makeStatements(count * 2, 8_000, (index) => Date.UTC(2026, 1, 1) + index * 1000)
  const learned = made.filter(({ findable }) => findable.activity !== null).take(count)
  let before = '['
  for (const { statement } of learned) {
    const id = randomUUID()
    const context = { ...(statement.context as object), revision: '' }
    const room = STATEMENT_BYTES - Buffer.byteLength(JSON.stringify({ ...statement, id, context }))
    context.revision = 'x'.repeat(Math.max(1, room))
    yield before + JSON.stringify({ ...statement, id, context })
    before = ','
  }
  yield ']'
}

const BLOCK = Buffer.alloc(1 << 16)

/** So many bytes that do not compress, the same each time. */
export function* noise(bytes: number): Generator<Buffer> {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  for (let left = bytes; left > 0; left -= BLOCK.length)
    yield stream.update(BLOCK.subarray(0, Math.min(left, BLOCK.length)))
}

export function sha256(content: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const part of content) hash.update(part)
  return hash.digest('hex')
}

/** POSTs a body that is made while it goes out. Resolves when the answer is read. */
export async function postStream(
  server: StartedServer,
  contentType: string,
  body: Iterable<string | Uint8Array>,
): Promise<{ status: number; text: string }> {
  const answer = Promise.withResolvers<IncomingMessage>()
  const sent = request(`${server.endpoint}/statements`, {
    method: 'POST',
    headers: { ...headersOf(credentialOf(0)), 'Content-Type': contentType },
  })
  sent.once('response', answer.resolve).once('error', answer.reject)
  // A refusal may come before all is sent, and the line be closed then: the answer is what counts.
  const out = pipeline(Readable.from(body, { objectMode: false }), sent).catch(() => {})
  const response = await answer.promise
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += part
  await out
  return { status: response.statusCode!, text }
}

/** GETs a path of the endpoint; the body comes as it arrives. */
export function getStream(server: StartedServer, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${server.endpoint}${path}`, { headers: headersOf(READER) })
      .once('response', resolve)
      .once('error', reject)
      .end()
  })
}

function headersOf({ key, secret }: { key: string; secret: string }) {
  return {
    Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
    'X-Experience-API-Version': '1.0.3',
  }
}

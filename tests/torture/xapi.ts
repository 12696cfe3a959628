import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import type { Sent } from './ledger.ts'
import { Loss } from './loss.ts'

export const CREDENTIAL = { key: 'torture', secret: 'torture-secret-0123456789abcdef' }
const HEADERS = {
  Authorization: `Basic ${Buffer.from(`${CREDENTIAL.key}:${CREDENTIAL.secret}`).toString('base64')}`,
  'X-Experience-API-Version': '1.0.3',
}
const BOUNDARY = 'torture-boundary'
const LINES = 24
const SILENCE_MS = 60_000

/** The xAPI resources of a server that may be gone at any moment. */
export interface Client {
  /** Whether it was acknowledged: false when no answer came, or one that asks to come again. */
  post(sent: Sent): Promise<boolean>
  get(path: string): Promise<{ status: number; body: Buffer }>
  /** Until everything that was sent before this call is decided and shown, and it answers. Rejects after a while. */
  settled(): Promise<void>
  close(): void
}

export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: LINES })

  async function ask(
    path: string,
  ): Promise<{ statusCode: number; headers: IncomingMessage['headers']; body: Buffer }> {
    const outgoing = request(`${url}${path}`, { agent, timeout: SILENCE_MS, headers: HEADERS }).end()
    outgoing.once('timeout', () => outgoing.destroy(new Loss('the server gave no answer for a minute')))
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    return { statusCode: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) }
  }

  return {
    async post(sent) {
      const { type, parts } = bodyOf(sent)
      const outgoing = request(`${url}/xapi/statements`, {
        method: 'POST',
        agent,
        timeout: SILENCE_MS,
        headers: { ...HEADERS, 'Content-Type': type },
      })
      outgoing.once('timeout', () => outgoing.destroy(new Loss('the server gave no answer for a minute')))
      const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
      const going = pipeline(Readable.from(parts, { objectMode: false }), outgoing)
      going.catch(() => {})
      try {
        const [answer] = await answered
        const status = answer.statusCode ?? 0
        // Its head alone says it: it is sent after the commit.
        if (status === 200) {
          await buffer(answer).catch(() => {})
          return true
        }
        const text = (await buffer(answer).catch(() => Buffer.alloc(0))).toString()
        if (status === 429 || status === 503) return false
        // Its log says why, when it gets to write that.
        await setTimeout(200)
        throw new Loss(`a ${sent.kind} was answered ${status}: ${text.slice(0, 500)}`)
      } catch (error) {
        if (error instanceof Loss) throw error
        return false
      }
    },
    async get(path) {
      const { statusCode, body } = await ask(path)
      return { status: statusCode, body }
    },
    async settled() {
      const now = Date.now()
      for (let last = ''; ; await setTimeout(50)) {
        if (Date.now() > now + SILENCE_MS)
          throw new Loss(`what was sent is not decided after a minute: ${last}`)
        try {
          const { statusCode, headers } = await ask('/xapi/statements?limit=1')
          const through = String(headers['x-experience-api-consistent-through'])
          if (statusCode === 200 && Date.parse(through) >= now) return
          last = `${statusCode}, ${through}`
        } catch (error) {
          last = String(error)
        }
      }
    },
    close: () => agent.destroy(),
  }
}

function bodyOf({ kind, statements, attachment }: Sent): { type: string; parts: Iterable<string | Buffer> } {
  if (attachment) {
    const head = (lines: string[]) => `--${BOUNDARY}\r\n${lines.join('\r\n')}\r\n\r\n`
    return {
      type: `multipart/mixed; boundary=${BOUNDARY}`,
      parts: [
        head(['Content-Type: application/json']),
        JSON.stringify(statements[0]),
        `\r\n${head([
          'Content-Type: application/octet-stream',
          'Content-Transfer-Encoding: binary',
          `X-Experience-API-Hash: ${attachment.sha2}`,
        ])}`,
        attachment.content,
        `\r\n--${BOUNDARY}--\r\n`,
      ],
    }
  }
  const type = 'application/json'
  if (kind !== 'large')
    return { type, parts: [JSON.stringify(statements.length === 1 ? statements[0] : statements)] }
  return { type, parts: arrayOf(statements) }
}

function* arrayOf(statements: Sent['statements']): Generator<string> {
  let before = '['
  for (const statement of statements) {
    yield before + JSON.stringify(statement)
    before = ','
  }
  yield ']'
}

export type Held = Map<string, Record<string, unknown> & { stored: string }>

/** All that lists show as stored behind `since`, each once. */
export async function listBehind(client: Client, since: string | null): Promise<Held> {
  const held: Held = new Map()
  const first = `/xapi/statements?ascending=true${since === null ? '' : `&since=${encodeURIComponent(since)}`}`
  for (let path = first; path !== ''; ) {
    const { status, body } = await client.get(path)
    if (status !== 200) throw new Loss(`${path} was answered ${status}: ${body.toString().slice(0, 500)}`)
    const page = JSON.parse(body.toString()) as {
      statements: (Record<string, unknown> & { id: string; stored: string })[]
      more: string
    }
    for (const statement of page.statements) {
      if (held.has(statement.id)) throw new Loss(`statement ${statement.id} is listed twice`)
      held.set(statement.id, statement)
    }
    path = page.more
  }
  return held
}

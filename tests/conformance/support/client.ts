import type { Problem } from '../../../lrs/index.ts'
import type { Version } from '../../../lrs/statement/types.ts'

export interface Answer {
  status: number
  headers: Headers
  bytes: Uint8Array
  text: string
  /** The body read as JSON, or undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer may be any JSON
  body: any
  /** What a refusal says, when it comes as JSON. */
  problems: Problem[]
}

export interface Options {
  /** Objects are sent as JSON text. */
  query?: Record<string, unknown>
  /** `null` takes a header away that is otherwise sent. */
  headers?: Record<string, string | null>
  /** Text and bytes are sent as they are, all else as JSON. */
  body?: unknown
}

/** Speaks to the server as a learning record provider of one version would, with nothing between it and HTTP. */
export interface Client {
  readonly version: Version
  readonly endpoint: string
  request(method: string, path: string, options?: Options): Promise<Answer>
  get(path: string, query?: Options['query'], options?: Options): Promise<Answer>
  head(path: string, query?: Options['query'], options?: Options): Promise<Answer>
  put(path: string, query: Options['query'], body: unknown, options?: Options): Promise<Answer>
  post(path: string, body: unknown, options?: Options): Promise<Answer>
  delete(path: string, query?: Options['query'], options?: Options): Promise<Answer>
  /** Stores a statement or several and answers with their ids; throws when they are refused. */
  store(statements: unknown): Promise<string[]>
  /** A statement by id, as sent; throws when it is not there. */
  // biome-ignore lint/suspicious/noExplicitAny: a statement is any JSON object
  fetch(id: string): Promise<any>
  /** GET /statements once all that this client stored can be listed. */
  list(query?: Options['query'], options?: Options): Promise<Answer>
}

export function createClient(
  endpoint: string,
  version: Version,
  credential: { key: string; secret: string },
): Client {
  const basic = Buffer.from(`${credential.key}:${credential.secret}`).toString('base64')
  let written = 0

  async function request(method: string, path: string, options: Options = {}): Promise<Answer> {
    const { body } = options
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
    const headers: Record<string, string | null> = {
      authorization: `Basic ${basic}`,
      'x-experience-api-version': version,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    }
    const response = await fetch(urlOf(endpoint, path, options.query), {
      method,
      headers: Object.entries(headers).filter((header): header is [string, string] => header[1] !== null),
      body: raw ? ((body as BodyInit | undefined) ?? null) : JSON.stringify(body),
    })
    if (method !== 'GET' && response.ok) written = Date.now()
    return answerOf(response)
  }

  async function settle(): Promise<void> {
    const wanted = written
    for (let tries = 0; tries < 200; tries++) {
      const { headers } = await request('GET', '/statements', { query: { limit: 1 } })
      if (Date.parse(headers.get('x-experience-api-consistent-through') ?? '') >= wanted) return
      await new Promise((done) => setTimeout(done, 20))
    }
    throw new Error('X-Experience-API-Consistent-Through stays behind')
  }

  const client: Client = {
    version,
    endpoint,
    request,
    get: (path, query, options) => request('GET', path, { ...options, ...(query && { query }) }),
    head: (path, query, options) => request('HEAD', path, { ...options, ...(query && { query }) }),
    put: (path, query, body, options) => request('PUT', path, { ...options, ...(query && { query }), body }),
    post: (path, body, options) => request('POST', path, { ...options, body }),
    delete: (path, query, options) => request('DELETE', path, { ...options, ...(query && { query }) }),
    async store(statements) {
      const answer = await request('POST', '/statements', { body: statements })
      if (answer.status !== 200) throw new Error(`refused with ${answer.status}: ${answer.text}`)
      return answer.body
    },
    async fetch(id) {
      const answer = await request('GET', '/statements', { query: { statementId: id } })
      if (answer.status !== 200) throw new Error(`${id} answers ${answer.status}: ${answer.text}`)
      return answer.body
    },
    async list(query, options) {
      await settle()
      return client.get('/statements', query, options)
    },
  }
  return client
}

function urlOf(endpoint: string, path: string, query: Options['query'] = {}): string {
  const url = new URL(endpoint + path)
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    url.searchParams.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return url.href
}

async function answerOf(response: Response): Promise<Answer> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = Buffer.from(bytes).toString('utf8')
  const body = parse(text)
  const problems = Array.isArray(body?.problems) ? body.problems : []
  return { status: response.status, headers: response.headers, bytes, text, body, problems }
}

// biome-ignore lint/suspicious/noExplicitAny: any JSON
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import type { RequestBytes } from './work.ts'

/** Where statements go, and with which headers. */
export interface Endpoint {
  /** xAPI endpoint without a trailing slash, such as `http://127.0.0.1:8080/xapi`. */
  endpoint: string
  credential: { key: string; secret: string }
}

const HEAD_END = '\r\n\r\n'
/** Where a statement as text (bench/statements.ts) has its id: behind `{"id":"`. */
const ID_AT = 7

/** `GET endpoint/path` as it goes over the line. */
export function getRequest(to: Endpoint, path: string): RequestBytes {
  return { bytes: Buffer.from(`${head(to, 'GET', path)}${HEAD_END}`) }
}

/** A POST of one statement. */
export function postOne(to: Endpoint, text: string): RequestBytes {
  return post(to, text, [0])
}

/** A POST of several statements as one batch. */
export function postBatch(to: Endpoint, texts: readonly string[]): RequestBytes {
  let at = 1
  const starts = texts.map((text) => {
    const start = at
    at += Buffer.byteLength(text) + 1
    return start
  })
  return post(to, `[${texts.join(',')}]`, starts)
}

/** `starts`: where statements begin in the body, in bytes. */
function post(to: Endpoint, text: string, starts: readonly number[]): RequestBytes {
  const body = Buffer.from(text)
  const headers = Buffer.from(
    `${head(to, 'POST', '/statements')}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}${HEAD_END}`,
  )
  return {
    bytes: Buffer.concat([headers, body]),
    ids: starts.map((start) => headers.length + start + ID_AT),
  }
}

function head({ endpoint, credential }: Endpoint, method: string, path: string): string {
  const { host, pathname } = new URL(endpoint)
  const authorization = Buffer.from(`${credential.key}:${credential.secret}`).toString('base64')
  return [
    `${method} ${pathname === '/' ? '' : pathname}${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Basic ${authorization}`,
    'X-Experience-API-Version: 1.0.3',
  ].join('\r\n')
}

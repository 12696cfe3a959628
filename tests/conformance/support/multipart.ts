import { createHash } from 'node:crypto'

export interface Part {
  headers: Record<string, string>
  content: string | Uint8Array
}

export const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')

/** The part that carries an attachment's data. */
export function attachmentPart(content: string | Uint8Array, contentType: string): Part {
  return {
    headers: {
      'Content-Type': contentType,
      'Content-Transfer-Encoding': 'binary',
      'X-Experience-API-Hash': sha256(content),
    },
    content,
  }
}

export function statementsPart(statements: unknown): Part {
  return { headers: { 'Content-Type': 'application/json' }, content: JSON.stringify(statements) }
}

/** A body of multipart/mixed (RFC 2046) and its Content-Type. */
export function multipart(
  parts: readonly Part[],
  boundary = 'our-boundary',
): { body: Uint8Array; headers: Record<string, string> } {
  const chunks = parts.flatMap(({ headers, content }) => [
    Buffer.from(`--${boundary}\r\n`),
    Buffer.from(
      `${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
  return {
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
  }
}

/** The parts of a multipart answer, header names in lower case. */
export function partsOf(
  bytes: Uint8Array,
  contentType: string,
): { headers: Record<string, string>; content: Buffer }[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (!boundary) throw new Error(`no boundary in ${contentType}`)
  const text = Buffer.from(bytes).toString('latin1')
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head, ...rest] = part.replace(/^\r\n/, '').split('\r\n\r\n')
      const headers = Object.fromEntries(
        head!.split('\r\n').map((line) => {
          const colon = line.indexOf(':')
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
        }),
      )
      return { headers, content: Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1') }
    })
}

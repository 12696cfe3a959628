import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createClamavScanner } from './index.ts'

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))))
})

/** A clamd as far as INSTREAM and PING go; `limit` is its StreamMaxLength. */
async function clamd({ limit = 1e9, says }: { limit?: number; says?: string } = {}) {
  const received: Buffer[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let bytes: Buffer = Buffer.alloc(0)
    let command = ''
    let total = 0
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more])
      if (!command) {
        const end = bytes.indexOf(0)
        if (end < 0) return
        command = bytes.subarray(0, end).toString()
        bytes = bytes.subarray(end + 1)
      }
      if (says !== undefined) return void socket.end(says)
      if (command === 'zPING') return void socket.end('PONG\0')
      while (bytes.length >= 4) {
        const length = bytes.readUInt32BE(0)
        if (length === 0) {
          const all = Buffer.concat(received)
          return void socket.end(
            all.includes('EICAR') ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0',
          )
        }
        if (bytes.length < 4 + length) return
        received.push(bytes.subarray(4, 4 + length))
        total += length
        bytes = bytes.subarray(4 + length)
        if (total > limit) return void socket.end('INSTREAM size limit exceeded. ERROR\0')
      }
    })
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { scanner: createClamavScanner({ host: '127.0.0.1', port }), received, server, port }
}
async function* of(...parts: (string | Buffer)[]) {
  for (const part of parts) yield Buffer.from(part)
}
const signal = () => AbortSignal.timeout(5000)

describe('a clamd', () => {
  test('is sent every byte, and says that there is nothing', async () => {
    const { scanner, received } = await clamd()
    const large = Buffer.alloc(1_000_001, 'x')
    expect(await scanner.scan(of('begin', large, 'end'), signal())).toEqual({ ok: true, found: null })
    const all = Buffer.concat(received)
    expect(all.length).toBe(1_000_001 + 8)
    expect(all.equals(Buffer.concat([Buffer.from('begin'), large, Buffer.from('end')]))).toBe(true)
    expect(await scanner.ready(signal())).toEqual({ ok: true })
  })

  test('names what it found', async () => {
    const { scanner } = await clamd()
    expect(await scanner.scan(of('X5O!P%@AP', 'EICAR'), signal())).toEqual({
      ok: true,
      found: 'Win.Test.EICAR_HDB-1',
    })
  })

  test('that takes no more, or is in trouble, has not found it clean', async () => {
    const small = await clamd({ limit: 100_000 })
    expect(await small.scanner.scan(of(Buffer.alloc(5_000_000)), signal())).toMatchObject({ ok: false })
    const troubled = await clamd({ says: 'COMMAND READ TIMED OUT\0' })
    expect(await troubled.scanner.scan(of('text'), signal())).toEqual({
      ok: false,
      reason: 'refused',
      code: 'error',
    })
    const hasty = await clamd({ says: 'stream: OK\0' })
    expect(await hasty.scanner.scan(of(Buffer.alloc(20_000_000)), signal())).toMatchObject({ ok: false })
    const mute = await clamd({ says: '' })
    expect(await mute.scanner.scan(of('text'), signal())).toMatchObject({ ok: false, reason: 'unreachable' })
  })

  test('that is not there is unreachable', async () => {
    const { scanner, server } = await clamd()
    await new Promise((done) => server.close(done))
    servers.length = 0
    expect(await scanner.scan(of('text'), signal())).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'ECONNREFUSED',
    })
    expect(await scanner.ready(signal())).toMatchObject({ ok: false, reason: 'unreachable' })
  })

  test('a file that cannot be read is not taken for scanned', async () => {
    const { scanner } = await clamd()
    async function* broken() {
      yield Buffer.from('begin')
      throw new Error('disk')
    }
    await expect(scanner.scan(broken(), signal())).rejects.toThrow('disk')
  })
})

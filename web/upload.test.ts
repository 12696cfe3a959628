import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { expect, test } from 'vitest'
import { receiveUpload, type Upload } from './upload.ts'

test('an upload that is cut off, at any moment, ends and leaves no file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'suotdoi-upload-'))
  const received: Promise<Upload>[] = []
  const app = express().post('/', (req, res) => {
    const upload = receiveUpload(req, { dir, field: 'package', maxBytes: 1_000_000 })
    received.push(upload)
    void upload.then(() => res.end())
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const head =
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n' +
    '--x\r\nContent-Disposition: form-data; name="package"; filename="a.h5p"\r\n\r\n'
  for (let i = 0; i < 40; i++) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    await once(socket, 'connect')
    socket.write(head + 'a'.repeat(i * 1_000))
    while (received.length <= i) await setTimeout(1)
    if (i % 4 > 0) await setTimeout(i % 4)
    socket.destroy()
  }
  const uploads = await Promise.all(received)
  expect(uploads.every(({ broken, file }) => broken && file === null)).toBe(true)
  expect(await readdir(dir)).toEqual([])
  server.close()
  await rm(dir, { recursive: true })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createResponseReader } from './response.ts'

const ANSWERS = [
  { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', status: 200, body: 'hello', closes: false },
  { bytes: 'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n', status: 204, body: '', closes: false },
  {
    bytes:
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nxin \r\nd;e=1\r\nchào\r\nbạn!\r\n0\r\nX: y\r\n\r\n',
    status: 200,
    body: 'xin chào\r\nbạn!',
    closes: false,
  },
  {
    bytes: 'HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n',
    status: 503,
    body: '',
    closes: true,
  },
  {
    bytes: 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n',
    status: 408,
    body: '',
    closes: true,
  },
]

test('each answer is told once, wherever the bytes are cut on the line', () => {
  const whole = Buffer.from(ANSWERS.map(({ bytes }) => bytes).join(''))
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
      const told: { status: number; body: string; closes: boolean }[] = []
      const read = createResponseReader((status, body, closes) => {
        told.push({ status, body: String(body), closes })
      }, true)
      const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
      places.slice(1).forEach((end, index) => {
        read(whole.subarray(places[index], end))
      })
      expect(told).toEqual(ANSWERS.map(({ status, body, closes }) => ({ status, body, closes })))
    }),
  )
})

test('an answer whose end cannot be told is not taken for a whole one', () => {
  const read = createResponseReader(() => {})
  expect(() => read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nwho knows'))).toThrow(/where it ends/)
})

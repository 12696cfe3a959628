import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { BlobStore } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { idOf, recordOf } from '../support/records.ts'

async function* pieces(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield Buffer.from(part as string)
}
const sha2Of = (text: string) => createHash('sha256').update(text).digest('hex')
const later = () => Date.now() + 60_000

async function bytesOf(
  blobs: BlobStore,
  sha2: string,
  range?: { start: number; end: number },
): Promise<string | null> {
  const found = await blobs.open(sha2, range)
  if (!found) return null
  const parts: Buffer[] = []
  for await (const part of found.content) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

export function blobsContract(adapter: Adapter): void {
  describe('blobs', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('are kept by what they hold, once, and read whole or in part', async () => {
      const { blobs } = freshTenant()
      expect(await blobs.put(pieces('hello ', 'world'))).toEqual({ sha2: sha2Of('hello world'), size: 11 })
      expect(await blobs.put(pieces('hello world'))).toEqual({ sha2: sha2Of('hello world'), size: 11 })
      const sha2 = sha2Of('hello world')
      expect(await blobs.size(sha2)).toBe(11)
      expect(await bytesOf(blobs, sha2)).toBe('hello world')
      expect(await bytesOf(blobs, sha2, { start: 6, end: 8 })).toBe('wor')
      expect(await bytesOf(blobs, sha2, { start: 0, end: 0 })).toBe('h')
      expect(await blobs.open('f'.repeat(64))).toBeNull()
      expect(await blobs.size('../../etc/passwd')).toBeNull()
      const empty = await blobs.put(pieces())
      expect(empty).toEqual({ sha2: sha2Of(''), size: 0 })
      expect(await bytesOf(blobs, empty.sha2)).toBe('')
    })

    test('a large one passes through', async () => {
      const { blobs } = freshTenant()
      const piece = Buffer.alloc(1 << 20, 'x')
      const hash = createHash('sha256')
      for (let i = 0; i < 40; i++) hash.update(piece)
      const put = await blobs.put(pieces(...Array<Buffer>(40).fill(piece)))
      expect(put).toEqual({ sha2: hash.digest('hex'), size: 40 << 20 })
    })

    test('one whose upload breaks off is not there', async () => {
      const { blobs } = freshTenant()
      const breaking = async function* () {
        yield Buffer.from('half')
        throw new Error('the client went away')
      }
      await expect(blobs.put(breaking())).rejects.toThrow('the client went away')
      expect(await blobs.size(sha2Of('half'))).toBeNull()
    })

    test('tenants never share them', async () => {
      const [one, other] = [freshTenant(), freshTenant()]
      const { sha2 } = await one.blobs.put(pieces('same'))
      expect(await other.blobs.size(sha2)).toBeNull()
      expect(await other.blobs.open(sha2)).toBeNull()
      expect(await other.blobs.hold('owner', [sha2])).toBe(false)
      expect(await other.statements.write([recordOf('a', { attachments: [sha2] })])).toMatchObject({
        ok: false,
      })
      await other.blobs.put(pieces('same'))
      expect(await one.blobs.collect(later())).toBe(1)
      expect(await bytesOf(other.blobs, sha2)).toBe('same')
    })

    test('collection takes what nothing holds and nobody put lately, and only that', async () => {
      const { blobs, statements } = freshTenant()
      const put = async (text: string) => (await blobs.put(pieces(text))).sha2
      const [loose, held, attached] = [await put('loose'), await put('held'), await put('attached')]
      expect(await blobs.hold('lesson', [held])).toBe(true)
      await statements.write([recordOf('a', { attachments: [attached] })])
      expect(await blobs.collect(Date.now() - 86_400_000)).toBe(0)
      expect(await bytesOf(blobs, loose)).toBe('loose')
      expect(await blobs.collect(later())).toBe(1)
      expect(await blobs.size(loose)).toBeNull()
      expect(await blobs.open(loose)).toBeNull()
      expect(await bytesOf(blobs, held)).toBe('held')
      expect(await bytesOf(blobs, attached)).toBe('attached')
      await statements.purge([idOf('a')], 'law')
      expect(await blobs.hold('lesson', [])).toBe(true)
      expect(await blobs.collect(later())).toBe(2)
    })

    test('an owner holds exactly what it last said, or what it held before when one is missing', async () => {
      const { blobs } = freshTenant()
      const put = async (text: string) => (await blobs.put(pieces(text))).sha2
      const [a, b, c] = [await put('a'), await put('b'), await put('c')]
      await blobs.hold('x', [a, b, b])
      await blobs.hold('y', [c])
      expect(await blobs.hold('x', [c, 'f'.repeat(64)])).toBe(false)
      expect(await blobs.collect(later())).toBe(0)
      await blobs.hold('x', [b])
      expect(await blobs.collect(later())).toBe(1)
      expect(await blobs.size(a)).toBeNull()
      expect(await blobs.size(b)).toBe(1)
    })

    test('one that is put again while it is collected is there afterwards, and can be held', async () => {
      const { blobs } = freshTenant()
      for (let round = 0; round < 10; round++) {
        const text = `reused ${round}`
        await blobs.put(pieces(text))
        const collecting = blobs.collect(Date.now() - 1)
        await new Promise((resolve) => setTimeout(resolve, round % 5))
        const { sha2 } = await blobs.put(pieces(text))
        const held = await blobs.hold('user', [sha2])
        await collecting
        expect(held).toBe((await blobs.size(sha2)) !== null)
        expect(held).toBe(true)
        expect(await bytesOf(blobs, sha2)).toBe(text)
      }
    })

    test('an upload in progress is not taken for a stale one', async () => {
      const { blobs } = freshTenant()
      const gate = Promise.withResolvers<void>()
      const slow = async function* () {
        yield Buffer.from('slow ')
        await gate.promise
        yield Buffer.from('upload')
      }
      const putting = blobs.put(slow())
      await new Promise((resolve) => setTimeout(resolve, 50))
      await blobs.collect(later())
      gate.resolve()
      expect(await bytesOf(blobs, (await putting).sha2)).toBe('slow upload')
    })

    test('are there after the store was opened anew', async () => {
      const { sha2 } = await subject().storage.tenant('blob-reopen').blobs.put(pieces('kept'))
      await subject().reopen()
      expect(await bytesOf(subject().storage.tenant('blob-reopen').blobs, sha2)).toBe('kept')
    })
  })
}

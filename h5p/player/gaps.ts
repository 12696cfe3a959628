import { constants, crc32, deflateRawSync } from 'node:zlib'

/**
 * A page that is the same each time but for some gaps. What is fixed is packed once; a page is then put together of packed
 * pieces, which costs next to nothing where packing it anew would cost more than all else.
 */
export interface PageWithGaps {
  /** UTF-8; `fill` says what stands in each gap, by its name. */
  plain(fill: Readonly<Record<string, string>>): Buffer
  /** The same as one gzip member. */
  gzip(fill: Readonly<Record<string, string>>): Buffer
  /** Bytes that it holds in memory. */
  weight: number
}

/** RFC 1952: deflate, no name, no time. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
/** RFC 1951: a last block with nothing in it. */
const LAST_BLOCK = Buffer.from([3, 0])
/** A filling below it is not worth packing. */
const SMALL = 512

interface Piece {
  text: Buffer
  packed: Buffer
}

/** `text` with its gaps named by `marks`: mark → name. A gap may stand at several places. */
export function pageWithGaps(text: string, marks: ReadonlyMap<string, string>): PageWithGaps {
  const found = text.split(new RegExp(`(${[...marks.keys()].join('|')})`))
  const pieces = found.map((part): Piece | string => {
    const name = marks.get(part)
    if (name !== undefined) return name
    const bytes = Buffer.from(part)
    return { text: bytes, packed: pack(bytes) }
  })
  const filled = (fill: Readonly<Record<string, string>>, name: string) => {
    const value = fill[name]
    if (value === undefined) throw new Error(`nothing was given for the gap ${name}`)
    return Buffer.from(value)
  }
  return {
    weight: pieces.reduce((sum, one) => sum + (typeof one === 'string' ? 0 : one.text.length * 2), 0),
    plain: (fill) =>
      Buffer.concat(pieces.map((one) => (typeof one === 'string' ? filled(fill, one) : one.text))),
    gzip(fill) {
      const blocks: Buffer[] = [HEADER]
      let sum = 0
      let size = 0
      for (const one of pieces) {
        const piece = typeof one === 'string' ? pieceOf(filled(fill, one)) : one
        blocks.push(piece.packed)
        sum = crc32(piece.text, sum)
        size += piece.text.length
      }
      const end = Buffer.alloc(8)
      end.writeUInt32LE(sum, 0)
      end.writeUInt32LE(size % 2 ** 32, 4)
      blocks.push(LAST_BLOCK, end)
      return Buffer.concat(blocks)
    },
  }
}

function pieceOf(text: Buffer): Piece {
  return { text, packed: text.length < SMALL ? stored(text) : pack(text) }
}

/** Whole blocks of their own, so that they can stand behind and before any others. */
function pack(text: Buffer): Buffer {
  return deflateRawSync(text, { level: 9, finishFlush: constants.Z_FULL_FLUSH })
}

/** RFC 1951, 3.2.4: one block as it is. */
function stored(text: Buffer): Buffer {
  if (text.length === 0) return text
  const head = Buffer.alloc(5)
  head.writeUInt16LE(text.length, 1)
  head.writeUInt16LE(0xffff - text.length, 3)
  return Buffer.concat([head, text])
}

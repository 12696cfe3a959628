/** What a file is by its own bytes, whatever its name and its sender say. */
export type FileKind = 'jpeg' | 'png' | 'webp' | 'heic' | 'pdf'

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** ISO/IEC 23008-12: brands of the pictures that phones of one maker take; AVIF has the same box. */
const HEIC = /^(hei[cxms]|hev[cxms]|mif1|msf1|avi[fs])$/

export function kindOfFile(head: Buffer): FileKind | null {
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xffd8ff) return 'jpeg'
  if (head.subarray(0, 8).equals(PNG)) return 'png'
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP') return 'webp'
  if (head.toString('latin1', 4, 8) === 'ftyp' && HEIC.test(head.toString('latin1', 8, 12))) return 'heic'
  if (head.toString('latin1', 0, 5) === '%PDF-') return 'pdf'
  return null
}

/** ISO 32000-1, 7.5.5: a PDF ends with a mark; one that was cut off has none. */
export const isWholePdf = (content: Buffer): boolean => content.subarray(-2048).includes('%%EOF')

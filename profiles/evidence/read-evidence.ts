import { open, stat } from 'node:fs/promises'
import { type Refusal, refuse } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import type { EvidenceType } from './documents.ts'
import { isWholePdf, kindOfFile } from './kind-of-file.ts'
import { drawAnew } from './pictures.ts'
import {
  BUSY,
  DAMAGED,
  EMPTY,
  EVIDENCE_LIMITS,
  HEIC,
  KIND_UNKNOWN,
  PDF_TOO_LARGE,
  TOO_LARGE,
  TOO_MANY_PIXELS,
} from './problems.ts'

/** A file that may be kept: a photo drawn anew without anything but its pixels, or a PDF as it is. */
export interface ReadyFile {
  type: EvidenceType
  content: Buffer
  preview: Buffer | null
}

/** As much of a file as tells its kind. */
const HEAD = 16

/** Reads a person's file on disk as evidence, or says what is wrong with it. Keeps nothing. */
export async function readEvidence(path: string, person: PersonId): Promise<ReadyFile | Refusal> {
  const { size } = await stat(path)
  if (size === 0) return refuse(EMPTY)
  if (size > EVIDENCE_LIMITS.fileBytes) return refuse(TOO_LARGE)
  const kind = kindOfFile(await readFirst(path, Math.min(size, HEAD)))
  if (kind === null) return refuse(KIND_UNKNOWN)
  if (kind === 'heic') return refuse(HEIC)
  if (kind === 'pdf') {
    if (size > EVIDENCE_LIMITS.pdfBytes) return refuse(PDF_TOO_LARGE)
    const content = await readFirst(path, size)
    return isWholePdf(content) ? { type: 'application/pdf', content, preview: null } : refuse(DAMAGED)
  }
  const picture = await drawAnew(person, () => readFirst(path, size))
  if (picture === 'busy') return refuse(BUSY)
  if (picture === 'damaged') return refuse(DAMAGED)
  if (picture === 'too-many-pixels') return refuse(TOO_MANY_PIXELS)
  return { type: 'image/webp', ...picture }
}

async function readFirst(path: string, size: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

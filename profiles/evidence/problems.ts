import type { Problem } from '../../lrs/index.ts'

export const EVIDENCE_LIMITS = {
  /** Of a file as it comes in. */
  fileBytes: 15_000_000,
  /** Of a PDF, which is kept as it is. */
  pdfBytes: 10_000_000,
  /** Width times height: 48 million are the most that phones take without being asked to. */
  pixels: 50_000_000,
  /** Of one thing told. */
  files: 5,
  /** Of one person, as kept. */
  personBytes: 200_000_000,
} as const

const problem = (id: string, status: number, message: string): Problem => ({
  id,
  status,
  path: 'evidence',
  message,
})
export const EMPTY = problem('evidence-empty', 400, 'The file is empty. Choose it again.')
export const TOO_LARGE = problem(
  'evidence-too-large',
  413,
  `The file is larger than ${EVIDENCE_LIMITS.fileBytes / 1e6} MB. Choose a smaller one.`,
)
export const PDF_TOO_LARGE = problem(
  'evidence-pdf-too-large',
  413,
  `The PDF is larger than ${EVIDENCE_LIMITS.pdfBytes / 1e6} MB. Choose a smaller one, or photograph its first page.`,
)
export const KIND_UNKNOWN = problem(
  'evidence-kind-unknown',
  415,
  'This is no photo (JPEG, PNG, WebP) and no PDF. Choose another file.',
)
export const HEIC = problem(
  'evidence-heic',
  415,
  'This photo is HEIC, which cannot be read here. Send it as JPEG.',
)
export const TOO_MANY_PIXELS = problem(
  'evidence-too-many-pixels',
  413,
  `The picture has more than ${EVIDENCE_LIMITS.pixels / 1e6} million pixels. Make it smaller.`,
)
export const DAMAGED = problem('evidence-damaged', 400, 'The file is cut off or damaged. Choose it again.')
export const BUSY = problem(
  'evidence-busy',
  503,
  'Many photos wait to be drawn. Nothing was kept; send it again in a minute.',
)
export const REMOVED = problem(
  'evidence-removed',
  410,
  'This file came before, and was removed since. Choose it again if it is to be kept.',
)
export const MANY = problem(
  'evidence-many',
  409,
  `There are ${EVIDENCE_LIMITS.files} files here already. Remove one first.`,
)
export const FULL = problem(
  'evidence-full',
  409,
  `You keep ${EVIDENCE_LIMITS.personBytes / 1e6} MB already, which is the most. Remove some first.`,
)

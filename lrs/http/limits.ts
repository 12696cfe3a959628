/** Bounds of what a request may cost. Bytes and milliseconds. */
export interface HttpLimits {
  /** JSON of statements: a whole body, or the first part of a multipart one. */
  statementsBytes: number
  /** One attachment, and all parts of a request together. */
  attachmentBytes: number
  attachmentsBytes: number
  /** Parts beside the statements. */
  parts: number
  documentBytes: number
  /** A form of the alternate request syntax, percent-encoding included. */
  formBytes: number
  /** Parameters together, decoded: they come back in `more`, which has to fit into a request line. */
  queryBytes: number
  /** Bytes out of one byte in, above which a compressed body is refused. */
  compressionRatio: number
  /** Longest silence while a body comes in, and longest time for all of it. */
  bodyIdleMs: number
  bodyMs: number
  /** Longest time in which a client takes nothing of its answer, and longest time for all of it; then the line is cut. */
  answerIdleMs: number
  answerMs: number
  /** Requests at once, and bytes of bodies held in memory at once; beyond them 503. */
  requestsAtOnce: number
  bodyBytesAtOnce: number
}

export const HTTP_LIMITS: HttpLimits = {
  statementsBytes: 16_000_000,
  attachmentBytes: 500_000_000,
  attachmentsBytes: 1_000_000_000,
  parts: 200,
  documentBytes: 8_000_000,
  formBytes: 6_000_000,
  queryBytes: 8_192,
  compressionRatio: 100,
  bodyIdleMs: 20_000,
  bodyMs: 600_000,
  answerIdleMs: 120_000,
  answerMs: 3_600_000,
  requestsAtOnce: 1_000,
  bodyBytesAtOnce: 256_000_000,
}

/** Bounds of what a request may cost. Bytes and milliseconds. */
export interface HttpLimits {
  /** JSON of statements, which is read as it comes in. */
  statementsBytes: number
  /** The first part of a multipart body: it is held until its attachments have come. */
  statementsPartBytes: number
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
  /** Who sends or takes less than this for longer than the silence allowed is cut off too: less than a GPRS line. */
  bytesPerSecond: number
  /** Requests at once, and bytes of bodies held in memory at once; beyond them 503, beyond half of them 429 for one source. */
  requestsAtOnce: number
  bodyBytesAtOnce: number
  /** Work of a source under way at once, in statements: alone, and when others asked within `activeMs`. */
  weightAlone: number
  weightShared: number
  activeMs: number
  /** Large bodies of a source that are read and stored at once; a package of statements takes the store longest. */
  largeAtOnce: number
}

export const HTTP_LIMITS: HttpLimits = {
  statementsBytes: 64_000_000,
  statementsPartBytes: 16_000_000,
  attachmentBytes: 2 ** 30,
  attachmentsBytes: 2 * 2 ** 30,
  parts: 200,
  documentBytes: 8_000_000,
  formBytes: 6_000_000,
  queryBytes: 8_192,
  compressionRatio: 100,
  bodyIdleMs: 20_000,
  bodyMs: 3_600_000,
  answerIdleMs: 120_000,
  answerMs: 3_600_000,
  bytesPerSecond: 2_000,
  requestsAtOnce: 4_000,
  bodyBytesAtOnce: 256_000_000,
  weightAlone: 1_000,
  weightShared: 16,
  activeMs: 30_000,
  largeAtOnce: 4,
}

/** Bounds of a connection, whatever part of the product it asks; for the server that the router is mounted in. */
export interface ConnectionLimits {
  /** Beyond them a new connection is closed at once. */
  connections: number
  /** Headers of a request, and their bytes with the request line; beyond them 431. */
  headers: number
  headerBytes: number
  /** Requests sent on one connection before the first is answered; beyond them it is closed. */
  pipelined: number
  /** Time for all headers, from the first byte or the opening of the connection; then 408. */
  headersMs: number
  /** Time for all of a request; longer than that of a body, whose refusal gives a reason. */
  requestMs: number
  /** Silence between two requests, and silence in the midst of one or of its answer. */
  keepAliveMs: number
  silenceMs: number
  /** How often it is looked after the times of headers and requests. */
  checkMs: number
  /** How long a client may go on sending a body that was refused, so that it can see the answer; then the line is cut. */
  lingerMs: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 5_000,
  headers: 100,
  headerBytes: 16_384,
  pipelined: 64,
  headersMs: 15_000,
  requestMs: HTTP_LIMITS.bodyMs + 60_000,
  keepAliveMs: 65_000,
  silenceMs: HTTP_LIMITS.answerIdleMs,
  checkMs: 5_000,
  lingerMs: 5_000,
}

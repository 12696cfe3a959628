/** What the load generator is asked to do, and what it tells. Plain data: it crosses to a process of its own. */

/** One request as it goes over the line, head and body. */
export interface RequestBytes {
  bytes: Uint8Array
  /** Where statement ids stand in the bytes: each sending writes new random UUIDs there. */
  ids?: readonly number[]
}

export interface Work {
  /** Origin, such as `http://127.0.0.1:8080`. */
  url: string
  /** Lines that are kept open. All are open before the first request goes out. */
  connections: number
  /** Sent in turn, again from the start after the last. */
  requests: readonly RequestBytes[]
  /** Ends after this many requests, or this time, whichever comes first; what was sent is waited for. */
  count?: number
  durationMs?: number
  /**
   * Requests per second, whether answers come or not (open loop): the time waited for a free line counts into the
   * latency. Absent: each line sends its next request as soon as it has its answer.
   */
  perSecond?: number
  /** Gives back the ids of acknowledged statements (answers 200 and 204) and when each answer came. */
  acknowledged?: boolean
  /** Gives back the first bodies, at most this many. */
  bodies?: number
}

/** Milliseconds. */
export interface Latency {
  mean: number
  p50: number
  p90: number
  p95: number
  p99: number
  p999: number
  max: number
}

export interface Measured {
  answers: number
  /** Answers by status. */
  statuses: Readonly<Record<string, number>>
  /** Requests whose line closed or was refused before the answer. */
  lost: number
  /** From the first request to the last answer. */
  seconds: number
  perSecond: number
  latency: Latency
  bytesIn: number
  /** What the load generator itself took of the CPU while this ran. */
  cpuMs: number
  /** `at`: milliseconds since 1970, with fractions. */
  acknowledged: { ids: string[]; at: number }[]
  bodies: Uint8Array[]
}

export type Order = { id: number; work: Work }
export type Answer = { id: number } & ({ measured: Measured } | { error: string })

import { Worker } from 'node:worker_threads'
import type { Caller } from '../../caller.ts'
import type { PackedRecords } from '../../storage/packed.ts'
import type { Circumstances } from '../preparation.ts'
import type { Answer, Question } from './messages.ts'
import type { Outcome, Progress } from './session.ts'

/** So many bytes go over at a time: twice as many leave twice as much garbage here, half as many cost more messages. */
const PORTION = 32 * 1024
/** The thread ends after so long without a body, and at once when hostile ones made its heap larger than this. */
const IDLE_MS = 10_000
const LARGE_HEAP = 96_000_000
/** Its records live for a moment only. Larger, this part of its heap grows until it is full. */
const LIMITS = { maxYoungGenerationSizeMb: 8 }

/**
 * Records of the statements in a body of any size, packed in groups as they come in, in the order sent; then whether all of
 * it was right. Groups that came before something wrong was found are not to be stored. Validates and records on a
 * thread of its own, and reads on only as fast as that thread and the reader of the groups go. The body's chunks are taken
 * away: nobody may look at them afterwards. Throws what the body throws.
 */
export async function* prepareLarge(
  body: AsyncIterable<Uint8Array>,
  request: Circumstances,
  caller: Caller,
): AsyncGenerator<PackedRecords, Outcome> {
  const session = openSession(request, caller)
  try {
    for await (const bytes of portions(body)) {
      const { packed, outcome } = await session.ask({ bytes })
      if (packed) yield packed
      if (outcome) return outcome
    }
    const { packed, outcome } = await session.ask({ end: true })
    if (packed) yield packed
    if (!outcome) throw new Error('The end of a body has no outcome')
    return outcome
  } finally {
    session.close()
  }
}

async function* portions(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let portion = new Uint8Array(PORTION)
  let filled = 0
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PORTION - filled)
      portion.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < PORTION) continue
      yield portion
      portion = new Uint8Array(PORTION)
      filled = 0
    }
    // Given back at once: megabytes would pile up until the next collection of garbage.
    if (isWhole(chunk)) chunk.buffer.transfer(0)
  }
  if (filled > 0) yield portion.slice(0, filled)
}

/** It shares its memory with nothing else. */
const isWhole = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.length === bytes.buffer.byteLength

interface Asking {
  resolve(progress: Progress): void
  reject(error: Error): void
}

let worker: Worker | null = null
let lastSession = 0
let idle: NodeJS.Timeout | undefined
let heap = 0
/** Sessions that are open, with what they wait for. */
const sessions = new Map<number, Asking | null>()

function openSession(request: Circumstances, caller: Caller) {
  clearTimeout(idle)
  const session = ++lastSession
  sessions.set(session, null)
  worker ??= start()
  const thread = worker
  const send = (question: Question, moved: ArrayBuffer[] = []) => thread.postMessage(question, moved)
  send({ session, open: { request, caller } })
  return {
    async ask(question: { bytes: Uint8Array<ArrayBuffer> } | { end: true }): Promise<Progress> {
      if (thread !== worker) throw lost()
      const { promise, resolve, reject } = Promise.withResolvers<Progress>()
      sessions.set(session, { resolve, reject })
      thread.ref()
      send({ session, ...question }, 'bytes' in question ? [question.bytes.buffer] : [])
      return promise
    },
    close(): void {
      sessions.delete(session)
      send({ session, drop: true })
      if (sessions.size > 0 || !worker) return
      worker.unref()
      if (heap > LARGE_HEAP) stop()
      else idle = setTimeout(stop, IDLE_MS).unref()
    },
  }
}

function start(): Worker {
  // Not the process's own flags: some of them (--eval, --input-type) end a thread at once.
  const started = new Worker(new URL('./thread.ts', import.meta.url), {
    execArgv: [],
    resourceLimits: LIMITS,
  })
  started.on('message', (answer: Answer) => {
    if ('heap' in answer) heap = answer.heap
    const asking = sessions.get(answer.session)
    if (!asking) return
    sessions.set(answer.session, null)
    if ('progress' in answer) asking.resolve(answer.progress)
    else asking.reject(answer.failed)
  })
  const lose = (error?: Error) => {
    if (worker === started) worker = null
    for (const asking of sessions.values()) asking?.reject(error ?? lost())
  }
  started.on('error', (error) => lose(error as Error))
  started.on('exit', () => {
    if (worker === started) lose()
  })
  started.unref()
  return started
}

const lost = () => new Error('The thread that reads large bodies was lost')

function stop(): void {
  const ending = worker
  worker = null
  heap = 0
  void ending?.terminate()
}

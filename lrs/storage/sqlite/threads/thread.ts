import { Worker } from 'node:worker_threads'
import { StorageUnavailable } from '../../port.ts'
import type { Reply, Request, Response } from './messages.ts'

type Body = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

/** A worker thread that answers requests in order. It starts with the first one, and again when it died. */
export interface Thread {
  call(body: Body): Promise<unknown>
  /** Does not wait for other calls of this turn: for what is many calls in one. */
  callAtOnce(body: Body): Promise<unknown>
  readonly waiting: number
  close(): Promise<void>
}

/** Rows pass through. Larger, this part of each thread's heap grows until it is full, and gives nothing back. */
const LIMITS = { maxYoungGenerationSizeMb: 8 }

export function createThread(module: URL, workerData: object): Thread {
  let worker: Worker | null = null
  let nextId = 1
  let outbox: Request[] = []
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()

  function start(): Worker {
    // Not the process's own flags: some of them (--eval, --input-type) end a thread at once.
    const started = new Worker(module, { workerData, execArgv: [], resourceLimits: LIMITS })
    started.on('message', (responses: Response[]) => {
      for (const { id, reply } of responses) {
        const call = pending.get(id)
        pending.delete(id)
        if (reply.ok) call?.resolve(reply.value)
        else call?.reject(errorOf(reply))
      }
      // An idle thread does not keep the process alive.
      if (pending.size === 0) started.unref()
    })
    started.on('error', (error) => lose(error instanceof Error ? error.message : String(error)))
    started.on('exit', () => lose('it ended'))
    return started
  }

  function put(body: Body): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const id = nextId++
    pending.set(id, { resolve, reject })
    outbox.push({ id, ...body } as Request)
    return promise
  }

  /** Calls of one turn of the event loop go in one message: each message costs more than what most of them ask. */
  function flush(): void {
    const requests = outbox
    outbox = []
    if (requests.length === 0) return
    worker ??= start()
    worker.ref()
    worker.postMessage(requests)
  }

  function lose(why: string): void {
    worker = null
    outbox = []
    const lost = [...pending.values()]
    pending.clear()
    for (const call of lost) call.reject(new StorageUnavailable(`A thread of the store was lost: ${why}`))
  }

  return {
    get waiting() {
      return pending.size
    },
    call(body) {
      if (outbox.length === 0) setImmediate(flush)
      return put(body)
    },
    callAtOnce(body) {
      const answer = put(body)
      flush()
      return answer
    },
    async close() {
      flush()
      if (!worker) return
      const ending = worker
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      await this.call({ close: true })
      ending.ref()
      await ended
    },
  }
}

export function errorOf(failure: Extract<Reply, { ok: false }>): Error {
  const error = failure.outage ? new StorageUnavailable(failure.message) : new Error(failure.message)
  if (failure.stack) error.stack = failure.stack
  return error
}

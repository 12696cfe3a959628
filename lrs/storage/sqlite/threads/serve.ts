import { parentPort } from 'node:worker_threads'
import { isOutage } from '../connection.ts'
import type { Failure, Reply, Request, Response } from './messages.ts'

/** Replies that are there go out when so much time has passed, ms, though more requests came with the same message. */
const REPLY_AFTER = 2

/** Answers a thread's requests one after another; what answers with a promise lets the next ones go before. */
export function serve(answer: (request: Request) => unknown): void {
  parentPort!.on('message', (requests: Request[]) => {
    let ready: Response[] = []
    let since = performance.now()
    const send = () => {
      if (ready.length > 0) parentPort!.postMessage(ready)
      ready = []
      since = performance.now()
    }
    for (const request of requests) {
      const reply = replyTo(answer, request)
      if (reply instanceof Promise)
        reply.then((later) =>
          parentPort!.postMessage([{ id: request.id, reply: later }] satisfies Response[]),
        )
      else ready.push({ id: request.id, reply })
      if (performance.now() - since >= REPLY_AFTER) send()
    }
    send()
    if (requests.some((request) => 'close' in request)) parentPort!.close()
  })
}

function replyTo(answer: (request: Request) => unknown, request: Request): Reply | Promise<Reply> {
  try {
    const value = answer(request)
    return value instanceof Promise
      ? value.then((later): Reply => ({ ok: true, value: later }), failure)
      : { ok: true, value }
  } catch (error) {
    return failure(error)
  }
}

export function failure(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  // Its message quotes the text, which is somebody's; on the other side nobody could tell.
  if (error instanceof SyntaxError)
    return { ok: false, outage: false, message: 'unreadable text', stack: undefined }
  return { ok: false, outage: isOutage(error), message, stack }
}

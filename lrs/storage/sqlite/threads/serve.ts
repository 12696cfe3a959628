import { parentPort } from 'node:worker_threads'
import { isOutage } from '../connection.ts'
import type { Failure, Reply, Request, Response } from './messages.ts'

/** Answers a thread's requests one after another; what answers with a promise lets the next ones go before. */
export function serve(answer: (request: Request) => unknown): void {
  parentPort!.on('message', (request: Request) => {
    const reply = (how: Reply) => parentPort!.postMessage({ id: request.id, reply: how } satisfies Response)
    try {
      const value = answer(request)
      if (value instanceof Promise) {
        value.then(
          (later) => reply({ ok: true, value: later }),
          (error: unknown) => reply(failure(error)),
        )
      } else reply({ ok: true, value })
    } catch (error) {
      reply(failure(error))
    }
    if ('close' in request) parentPort!.close()
  })
}

export function failure(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  // Its message quotes the text, which is somebody's; on the other side nobody could tell.
  if (error instanceof SyntaxError)
    return { ok: false, outage: false, message: 'unreadable text', stack: undefined }
  return { ok: false, outage: isOutage(error), message, stack }
}

import { parentPort } from 'node:worker_threads'
import { isOutage } from '../connection.ts'
import type { Failure, Request, Response } from './messages.ts'

/** Answers a thread's requests one after another. */
export function serve(answer: (request: Request) => unknown): void {
  parentPort!.on('message', (request: Request) => {
    let response: Response
    try {
      response = { id: request.id, reply: { ok: true, value: answer(request) } }
    } catch (error) {
      response = { id: request.id, reply: failure(error) }
    }
    parentPort!.postMessage(response)
    if ('close' in request) parentPort!.close()
  })
}

export function failure(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { ok: false, outage: isOutage(error), message, stack }
}

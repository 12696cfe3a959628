import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

const waiting = new WeakMap<IncomingMessage, ServerResponse>()

/**
 * For a server's event `checkContinue`: a client that sent `Expect: 100-continue` sends its body only when it is asked to
 * (RFC 9110, 10.1.1). Until then the request can be answered for good without its body.
 */
export function askLater(listener: RequestListener): RequestListener {
  return (request, response) => {
    waiting.set(request, response)
    return listener(request, response)
  }
}

/** Asks for the body, where that is waited for; to be called before it is read. */
export function askForBody(request: IncomingMessage): void {
  waiting.get(request)?.writeContinue()
  waiting.delete(request)
}

/** The client was not asked for its body and will not send it. */
export const keepsBody = (request: IncomingMessage): boolean => waiting.has(request)

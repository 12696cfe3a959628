import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Health } from './health.ts'
import type { Metrics } from './metrics.ts'

/**
 * What the machine's own caretakers ask, apart from what citizens and LMSs reach (schemas/config.json, INTERNAL_PORT):
 * `/health/live` (the process turns), `/health/ready` (send requests here), `/metrics` (docs/metrics.md).
 */
export function createInternalServer(health: Health, metrics: Metrics): Server {
  const answers: Readonly<Record<string, (res: ServerResponse) => Promise<void> | void>> = {
    '/health/live': (res) => json(res, 200, { status: 'live' }),
    async '/health/ready'(res) {
      const readiness = await health.readiness()
      if (readiness.ready) json(res, 200, { status: 'ready' })
      else json(res, 503, { status: 'not ready', reason: readiness.reason })
    },
    async '/metrics'(res) {
      const text = await metrics.text()
      res.writeHead(200, { 'Content-Type': metrics.contentType }).end(text)
    },
  }
  return createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (req, res) => {
    const path = (req.url ?? '').split('?', 1)[0] ?? ''
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined
    res.setHeader('Cache-Control', 'no-store')
    if (!answer) return json(res, 404, { message: `There are ${Object.keys(answers).join(', ')}.` })
    if (req.method !== 'GET' && req.method !== 'HEAD')
      return json(res, 405, { message: 'Only GET and HEAD.' })
    void (async () => answer(res))().catch((error: unknown) => {
      if (res.headersSent) res.destroy()
      else json(res, 500, { message: error instanceof Error ? error.message : 'failed' })
    })
  })
}

function json(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

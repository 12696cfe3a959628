import type { AddressInfo } from 'node:net'
import type { Express } from 'express'

/** Listens on a free port, says which on standard output, and ends by SIGTERM. */
export function listenAsFloor(app: Express): void {
  const server = app.listen(0, '127.0.0.1', () => {
    console.log(`listening on ${(server.address() as AddressInfo).port}\n`)
  })
  process.once('SIGTERM', () => process.exit(0))
}

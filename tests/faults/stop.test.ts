import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'vitest'
import { type FaultyProduct, idOf, missing, startFaulty, statement, withAttachment } from './product.ts'

const LARGE = 'x'.repeat(6_000_000)
const BATCH = Array.from({ length: 3_000 }, (_, i) => 10_000 + i)
const SINGLE = Array.from({ length: 10 }, (_, i) => i)
const ATTACHED = 20
const PIECES = 20

/** A request whose body comes in as slowly as the test says. */
function upload(product: FaultyProduct, headers: Record<string, string>, text: string) {
  const body = Buffer.from(text)
  const outgoing = request(`${product.url}/xapi/statements`, {
    method: 'POST',
    headers: { ...product.headers, ...headers, 'Content-Length': body.length },
  })
  const piece = Math.ceil(body.length / PIECES)
  let sent = 0
  return {
    /** Status of the answer; null when the line was cut. */
    status: once(outgoing, 'response').then(
      ([answer]: IncomingMessage[]) => answer!.resume().statusCode,
      () => null,
    ),
    /** Sends the next pieces, some time between them. */
    async send(pieces: number) {
      for (let i = 0; i < pieces; i++, sent += piece) {
        outgoing.write(body.subarray(sent, sent + piece))
        await setTimeout(60)
      }
      if (sent >= body.length) outgoing.end()
    },
  }
}

// Side by side: most of it is waiting.
test.for(['throw', 'hang'] as const)(
  'SIGTERM while megabytes are coming in and consumers %s at each statement: nothing more is accepted, what was accepted is finished, the store is closed, and it ends with 0 within ten seconds; all that was acknowledged is there at the next start',
  { concurrent: true, timeout: 120_000 },
  async (consumers, { expect }) => {
    let product = await startFaulty()
    const { dataDir, credential } = product
    const lag = () => product.metric('suotdoi_consumer_lag_positions', '{consumer="transcript"}')
    try {
      await product.fault({ consumers })
      for (const number of SINGLE) expect((await product.post(number)).status).toBe(200)
      expect(await lag()).toBeGreaterThan(0)

      const json = { 'Content-Type': 'application/json' }
      const attached = withAttachment(ATTACHED, LARGE)
      const batch = upload(product, json, JSON.stringify(BATCH.map(statement)))
      const attachment = upload(product, attached.headers, attached.body)
      const endless = upload(product, json, JSON.stringify(BATCH.map((number) => statement(number + 50_000))))
      await Promise.all([batch, attachment, endless].map((each) => each.send(8)))

      const begun = performance.now()
      process.kill(product.pid, 'SIGTERM')
      await setTimeout(300)
      await expect(fetch(`${product.url}/xapi/about`)).rejects.toThrow()
      await Promise.all([batch, attachment].map((each) => each.send(PIECES - 8)))
      expect(await Promise.all([batch.status, attachment.status])).toEqual([200, 200])
      expect(await product.ended).toBe(0)
      expect(performance.now() - begun).toBeLessThan(10_000)
      expect(await endless.status).toBe(null)
      expect(product.logged()).not.toContain('"level":50')
      expect(product.logged().includes('"steps":["consumers"]')).toBe(consumers === 'hang')
      // Left by a store that was not closed.
      expect(existsSync(join(dataDir, 'tenants/main.db-wal'))).toBe(false)

      product = await startFaulty({ dataDir, credential })
      expect(await missing(product, [...SINGLE, ATTACHED, ...BATCH.filter((n) => n % 50 === 0)])).toEqual([])
      const held = await product.metric('suotdoi_statements', '{database="main"}')
      expect(held).toBe(SINGLE.length + 1 + BATCH.length)
      const read = await product.xapi(`/statements?attachments=true&statementId=${idOf(ATTACHED)}`)
      // Not with `toContain`: what it would print is as long.
      expect(read.text.includes(LARGE)).toBe(true)
      await expect.poll(lag, { timeout: 60_000, interval: 200 }).toBe(0)
      expect(await product.verify()).toEqual([])
    } finally {
      await product.stop()
    }
  },
)

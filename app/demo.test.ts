import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { fillWithSample } from './demo.ts'
import { createLog } from './observability/log.ts'
import { createMetrics } from './observability/metrics.ts'
import { buildProduct, type Product } from './product.ts'
import { openServices, type Services } from './services.ts'

let folder: string
let services: Services
let product: Product
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suotdoi-demo-'))
  const read = readConfig({ DATA_DIR: folder })
  if (!read.ok) throw new Error(read.messages.join())
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  services = opened.services
  product = await buildProduct(services, read.config, createLog('silent'), createMetrics())
  await product.seed()
  await fillWithSample(services, product)
})
afterAll(async () => {
  await product.consumers.stop()
  await services.close()
  await rm(folder, { recursive: true })
})

test('who tries a lesson of the sample begins an attempt of their own, which no old result belongs to', async () => {
  const { accounts, transcript } = services.profiles
  const citizen = await accounts.find('cong-dan@mau.example')
  const { lines } = await transcript.lines(citizen!.id, { limit: 50 })
  const { lessons } = await product.host.lessons.published({ limit: 5 })
  const lineOf = (id: string) => lines.find((each) => each.activity.id.endsWith(`/lessons/${id}`))
  const learned = lessons.filter(({ id }) => lineOf(id))
  expect(learned).toHaveLength(2)
  for (const lesson of learned) {
    const stored = await services.tenantStorage.statements.get(lineOf(lesson.id)!.statements[0]!)
    const play = await product.host.play(lesson.id, citizen!.id)
    if ('ok' in play) throw new Error('not played')
    expect(JSON.parse(stored!.text).context.registration).not.toBe(play.attempt.id)
    expect(play.resumed).toBe(false)
  }
})

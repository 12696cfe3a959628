import { expect } from 'vitest'
import type { Storage } from '../../../lrs/storage/port.ts'
import { everything, idOf } from './records.ts'
import { pairs } from './workload.ts'

/** Checks what is there against the lines that were printed. */
export async function checkKept(storage: Storage, lines: readonly string[]): Promise<void> {
  const tenant = storage.tenant('killed')
  for (const line of lines) {
    const [kind, step] = line.split(' ') as [string, string]
    if (kind === 'statements')
      expect(await tenant.statements.get(idOf(`${step} t`)), line).toMatchObject({ voided: true })
    if (kind === 'batch') expect(await tenant.collections.get(pairs, `${step} right`), line).not.toBeNull()
    if (kind === 'system') expect(await storage.system.get(pairs, step), line).not.toBeNull()
    if (kind === 'blob') {
      const statement = await tenant.statements.get(idOf(`${step} b`))
      const found = await tenant.blobs.open(statement!.attachments[0]!)
      const parts: Buffer[] = []
      for await (const part of found!.content) parts.push(part as Buffer)
      expect(Buffer.concat(parts).toString()).toBe(`blob ${step}`)
    }
  }
  await checkWhole(storage, lines.length)
}

/** Nothing is half done, acknowledged or not. */
async function checkWhole(storage: Storage, atLeast: number): Promise<void> {
  const { statements, collections, feed, blobs } = storage.tenant('killed')
  const perStep = new Map<string, number>()
  let after = 0
  let previous = 0
  for (;;) {
    const entries = await feed.read(after, 200)
    if (entries.length === 0) break
    for (const entry of entries) {
      expect(entry.position).toBeGreaterThan(previous)
      previous = entry.position
      if (entry.kind !== 'stored') continue
      const [step, part] = (JSON.parse(entry.statement.text).name as string).split(' ') as [string, string]
      if (part !== 'b') perStep.set(step, (perStep.get(step) ?? 0) + 1)
      for (const sha2 of entry.statement.attachments) expect(await blobs.size(sha2)).not.toBeNull()
    }
    after = entries.at(-1)!.position
  }
  for (const [step, count] of perStep) {
    expect(count, step).toBe(3)
    const found = await statements.query({ ...everything, keys: [`step:${step}`], includeVoided: true })
    expect(found.statements).toHaveLength(3)
  }
  const { docs } = await collections.scan(pairs, { limit: 100_000 })
  for (const { value } of docs) {
    expect(await collections.count(pairs, { index: 'byStep', equals: { step: value.step } })).toBe(2)
  }
  expect(perStep.size + docs.length).toBeGreaterThan(atLeast / 10)
}

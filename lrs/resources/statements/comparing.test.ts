import { expect, test } from 'vitest'
import type { StatementStore } from '../../storage/port.ts'
import { compare, type Inspected } from './compare.ts'
import { verifyStatements } from './verify-statements.ts'

/** Processor time of this thread, ms. */
async function spent(act: () => unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await act()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

test('a large statement is compared on another thread: the one that answers requests is hardly taken', async () => {
  const member = Array.from({ length: 200_000 }, (_, at) => ({ at, word: 'từ' }))
  const statement = {
    id: '5f1c3a52-0b1d-4c0e-9f53-6a1f9a1f0a01',
    actor: { mbox: 'mailto:lan@example.vn' },
    verb: { id: 'urn:example:did' },
    object: { id: 'urn:example:thing' },
    context: { extensions: { 'urn:example:large': member } },
  }
  const text = JSON.stringify(statement)
  const large = { statement: { id: statement.id, position: 1, text, fingerprint: '' }, keys: [] }
  const page = [large as unknown as Inspected]
  const statements: Pick<StatementStore, 'inspect'> = { inspect: async (after) => (after === 0 ? page : []) }
  let found = 0
  const verify = async () => {
    for await (const _ of verifyStatements('main', statements)) found++
  }
  await verify()
  const [here, there] = [await spent(() => compare(page[0]!)), await spent(verify)]
  expect(found).toBe(2)
  expect(there).toBeLessThan(here / 2)
})

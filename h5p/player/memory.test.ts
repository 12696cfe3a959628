import { expect, test } from 'vitest'
import { createMemory } from './memory.ts'

const memory = () => createMemory<string>(10, (value) => value.length)
const never = async (): Promise<string> => {
  throw new Error('asked again')
}

test('keeps what was asked for last, up to its bound', async () => {
  const { get } = memory()
  for (const key of ['aaaa', 'bbbb']) await get(key, async () => key)
  await get('aaaa', never)
  await get('cccc', async () => 'cccc')
  expect(await get('aaaa', never)).toBe('aaaa')
  expect(await get('cccc', never)).toBe('cccc')
  await expect(get('bbbb', never)).rejects.toThrow('asked again')
})

test('what alone passes the bound, what is not there and what fails is not kept, and drives nothing out', async () => {
  const { get } = memory()
  await get('a', async () => 'a')
  expect(await get('large', async () => 'x'.repeat(11))).toBe('x'.repeat(11))
  expect(await get('none', async () => null)).toBeNull()
  await expect(get('failing', never)).rejects.toThrow()
  for (const key of ['large', 'none', 'failing']) expect(await get(key, async () => 'new')).toBe('new')
  expect(await get('a', never)).toBe('a')
})

test('who asks for the same at once waits for one making', async () => {
  const { get } = memory()
  let made = 0
  const make = async () => `${++made}`
  expect(await Promise.all([get('a', make), get('a', make)])).toEqual(['1', '1'])
})

test('what is forgotten is made anew', async () => {
  const { get, forget } = memory()
  await get('a', async () => 'a')
  forget('a')
  forget('b')
  expect(await get('a', async () => 'b')).toBe('b')
})

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { CONSENT_WORDS } from './purposes.ts'

/** Somebody’s answer rests on these words: a change of theirs is another version, at the end of its list. */
const KEPT: Record<keyof typeof CONSENT_WORDS, string[]> = {
  'learning-record': ['iTwTUyp2to0rCgDT'],
}

test('the words that people may have seen are as they were', () => {
  for (const [purpose, versions] of Object.entries(CONSENT_WORDS)) {
    const hashes = versions.map((words) =>
      createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 16),
    )
    expect(hashes, purpose).toEqual(KEPT[purpose as keyof typeof CONSENT_WORDS])
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, at) => at + 1))
  }
})

test('words after the first say what is new in them, in both languages', () => {
  for (const [first, ...later] of Object.values(CONSENT_WORDS)) {
    expect(first).toBeDefined()
    for (const words of later as { vi: { changed?: string }; en: { changed?: string } }[])
      expect([words.vi.changed, words.en.changed]).toEqual([expect.any(String), expect.any(String)])
  }
})

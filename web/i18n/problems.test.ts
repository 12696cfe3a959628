import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { h5p } from './messages/h5p.ts'
import { lessonFile } from './messages/lesson-file.ts'

const WORDS: object = {
  ...h5p.vi,
  ...Object.fromEntries(Object.keys(lessonFile.vi).map((id) => [`lesson-file-${id}`, ''])),
}
const folder = join(import.meta.dirname, '../../h5p')

/** Ids that only programs see: the doors of attempts, which pages put in words of their own. Names of collections and of
 * notes in the audit look alike. */
const NOT_FOR_AUTHORS =
  /^h5p-(attempt|token|body|event|claim|done|answers|refusals|report|initialized)|^lesson-(not-anonymous|move|reports)$/

test('every refusal that an author can meet has words in both languages', () => {
  const ids = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file === 'collections.ts') continue
    const source = readFileSync(join(folder, file), 'utf8')
    for (const [, id] of source.matchAll(/'((?:h5p|lesson)-[a-z0-9-]+)'/g)) ids.add(id!)
  }
  expect(ids.size).toBeGreaterThan(35)
  const silent = [...ids].filter((id) => !NOT_FOR_AUTHORS.test(id) && !(id in WORDS))
  expect(silent).toEqual([])
})

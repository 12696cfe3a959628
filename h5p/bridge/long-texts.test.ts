import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cleanPictures } from '../package/pictures.ts'
import { plainText } from './definition.ts'
import { normalResult } from './result.ts'

/** A page sends up to a megabyte: what takes the square of it holds up everybody. This is an eighth. */
const LONG = 128_000
/** ms, on a busy machine; the square of the length takes seconds. */
const SOON = 500

async function timeOf(work: () => unknown): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

test.each(['<', '<br', '<p '])('a text of nothing but %s is read at once', async (part) => {
  expect(await timeOf(() => plainText(part.repeat(LONG / part.length)))).toBeLessThan(SOON)
})

test('tags go and the text between them stays, whatever else looks like one', () => {
  expect(plainText('<p>Chai<br/>nhựa</p> 1 < 2 <b title="x">và</b> 3 > 2')).toBe('Chai nhựa 1 < 2 và 3 > 2')
})

test('a response of blanks and a letter is read at once', async () => {
  const response = `${' '.repeat(LONG)}x`
  expect(await timeOf(() => normalResult({ response }, null, new Set()))).toBeLessThan(SOON)
})

test.each([
  ['<!DOCTYPE ', LONG],
  [`url(${' '.repeat(LONG)}#`, 1],
])('a drawing is looked through at once, whatever it repeats', async (part, times) => {
  const directory = await mkdtemp(join(tmpdir(), 'h5p-'))
  try {
    await mkdir(join(directory, 'content'))
    await writeFile(join(directory, 'content', 'a.svg'), `<svg>${part.repeat(times)}</svg>`)
    expect(await timeOf(() => cleanPictures(directory))).toBeLessThan(SOON)
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('what the bridge says by its own names, no page says', () => {
  const extensions = {
    'https://w3id.org/suotdoi/xapi/extensions/server-score': { raw: 9, max: 9 },
    'https://w3id.org/xapi/cmi5/result/extensions/progress': 5,
  }
  expect(normalResult({ extensions }, null, new Set())).toEqual({
    extensions: { 'https://w3id.org/xapi/cmi5/result/extensions/progress': 5 },
  })
})

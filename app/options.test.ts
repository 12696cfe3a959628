import { expect, test } from 'vitest'
import { readOptions, startHelp } from './options.ts'

test('npm start takes --demo and --help', () => {
  expect(readOptions([])).toEqual({ ok: true, help: false, demo: false })
  expect(readOptions(['--demo'])).toEqual({ ok: true, help: false, demo: true })
  expect(readOptions(['-h'])).toEqual({ ok: true, help: true, demo: false })
})

test.each([['--port=1'], ['start'], ['--demo', '--fast']])(
  'npm start refuses %s and says what there is',
  (...argv) => {
    const options = readOptions(argv)
    expect(options).toEqual({ ok: false, message: expect.stringContaining('--help') })
    if (!options.ok) expect(options.message).toContain(argv.at(-1))
  },
)

test('--help names the options and the variables', () => {
  for (const word of ['--demo', '--help', 'PORT', 'DATA_DIR', 'LRS_SECRET'])
    expect(startHelp()).toContain(word)
})

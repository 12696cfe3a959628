import { describe, expect, test } from 'vitest'
import { COMMANDS } from './commands/index.ts'
import { help } from './help.ts'
import { parseCommand } from './parse.ts'

const parse = (line: string) => parseCommand(line.split(' ').filter(Boolean))

describe('suotdoi commands as typed', () => {
  test('a command with words and options', () => {
    const parsed = parse('person role an@example.vn author --json')
    expect(parsed).toMatchObject({
      kind: 'command',
      command: { name: 'person role' },
      input: { words: { WHO: 'an@example.vn', ROLE: 'author' }, options: {} },
      json: true,
    })
  })

  test('an option that may be repeated', () => {
    const parsed = parse('credential create --source s --scope state --scope profile')
    expect(parsed).toMatchObject({ input: { options: { source: 's', scope: ['state', 'profile'] } } })
  })

  test.each([
    ['credential', 'There are: credential create, credential list'],
    ['fly', 'No such command: fly'],
    ['credential create', '--source ID is missing'],
    ['credential create --source s --colour red', "Unknown option '--colour'"],
    ['credential revoke', 'KEY is missing'],
    ['credential revoke a b', '"b" is one word too many'],
    ['link --person a --mbox b', '--reason TEXT is missing'],
  ])('"%s" is refused with "%s"', (line, words) => {
    expect(parse(line)).toEqual({ kind: 'wrong', message: expect.stringContaining(words) })
  })

  test('help lists every command, and tells each in detail', () => {
    for (const command of COMMANDS) {
      expect(help('')).toContain(command.name)
      const detail = help(command.name)
      for (const name of Object.keys(command.options)) expect(detail).toContain(`--${name}`)
    }
    expect(parse('help credential create')).toEqual({ kind: 'help', topic: 'credential create' })
    expect(parse('credential create --help')).toEqual({ kind: 'help', topic: 'credential create' })
    expect(parse('')).toEqual({ kind: 'help', topic: '' })
  })
})

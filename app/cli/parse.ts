import { parseArgs } from 'node:util'
import type { Command, CommandInput } from './command.ts'
import { COMMANDS } from './commands/index.ts'

export type Parsed =
  | { kind: 'help'; topic: string }
  | { kind: 'wrong'; message: string }
  | { kind: 'command'; command: Command; input: CommandInput; json: boolean }

/** What was typed after `suotdoi`. A wrong line gets a message that says what would be right. */
export function parseCommand(words: readonly string[]): Parsed {
  const asked = words.includes('--help') || words.includes('-h')
  const plain = words.filter((word) => word !== '--help' && word !== '-h')
  if (plain.length === 0 || plain[0] === 'help') return { kind: 'help', topic: plain.slice(1).join(' ') }
  const command =
    COMMANDS.find((one) => one.name === `${plain[0]} ${plain[1]}`) ??
    COMMANDS.find((one) => one.name === plain[0])
  if (asked) return { kind: 'help', topic: command?.name ?? plain.join(' ') }
  if (!command) return { kind: 'wrong', message: unknownCommand(plain) }

  const rest = plain.slice(command.name.split(' ').length)
  const options = { ...command.options, json: { type: 'boolean' as const } }
  let parsed: { values: CommandInput['options']; positionals: string[] }
  try {
    parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : 'not understood'
    return { kind: 'wrong', message: `${reason}. See: suotdoi help ${command.name}` }
  }
  const wrong = missing(command, parsed.values, parsed.positionals)
  if (wrong) return { kind: 'wrong', message: `${wrong} See: suotdoi help ${command.name}` }
  const named = command.words.map((word, place) => [word.name, parsed.positionals[place] ?? ''])
  const { json, ...values } = parsed.values
  return {
    kind: 'command',
    command,
    input: { words: Object.fromEntries(named), options: values },
    json: json === true,
  }
}

function missing(command: Command, values: CommandInput['options'], words: readonly string[]): string | null {
  for (const [name, option] of Object.entries(command.options))
    if (option.required && !values[name])
      return `--${name} ${option.value ?? ''} is missing: ${option.description}.`
  if (words.length < command.words.length) {
    const word = command.words[words.length]
    return word ? `${word.name} is missing: ${word.description}.` : null
  }
  if (words.length > command.words.length)
    return `"${words[command.words.length]}" is one word too many; put quotes around what belongs together.`
  return null
}

function unknownCommand(words: readonly string[]): string {
  const family = COMMANDS.filter((one) => one.name.startsWith(`${words[0]} `)).map((one) => one.name)
  const hint = family.length > 0 ? `There are: ${family.join(', ')}.` : 'See: suotdoi help'
  return `No such command: ${words.slice(0, 2).join(' ')}. ${hint}`
}

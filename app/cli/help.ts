import type { Command } from './command.ts'
import { COMMANDS } from './commands/index.ts'

/** All commands, or one of them (or a family such as `credential`) in detail. */
export function help(topic: string): string {
  const chosen = COMMANDS.filter((one) => one.name === topic || one.name.startsWith(`${topic} `))
  if (topic !== '' && chosen.length > 0) return chosen.map(describe).join('\n\n')
  return [
    'Usage: npm run suotdoi -- COMMAND [options]',
    '',
    ...COMMANDS.map((one) => `  ${one.name.padEnd(20)}${one.summary}`),
    `  ${'help [COMMAND]'.padEnd(20)}This, or one command in detail`,
    '',
    'Every command takes --json: the result as JSON on standard output.',
    'DATA_DIR says which data (default: ./data). A running server is asked; without one the data is opened here.',
    'With STORE_URL=mongodb://… the database is opened here, beside the servers that run.',
    'Exit code: 0 done, 1 refused, 2 typed wrongly, 3 cannot be reached or opened.',
  ].join('\n')
}

function describe(command: Command): string {
  const options = Object.entries(command.options)
  const usage = [
    command.name,
    ...command.words.map((word) => word.name),
    ...options.filter(([, one]) => one.required).map(([name, one]) => `--${name} ${one.value ?? ''}`.trim()),
  ]
  const lines = [
    ...command.words.map((word) => [word.name, word.description]),
    ...options.map(([name, one]) => [
      `--${name} ${one.value ?? ''}`.trim(),
      `${one.description}${one.required ? ' (needed)' : ''}`,
    ]),
  ]
  return [
    `${command.summary}.`,
    '',
    `Usage: suotdoi ${usage.join(' ')}${options.length > 0 ? ' [options]' : ''}`,
    ...(lines.length > 0
      ? ['', ...lines.map(([left, right]) => `  ${(left ?? '').padEnd(24)}${right}`)]
      : []),
  ].join('\n')
}

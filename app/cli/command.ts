import type { Refusal } from '../../lrs/index.ts'
import type { Services } from '../services.ts'

export interface CommandOption {
  type: 'string' | 'boolean'
  description: string
  /** What stands for the value in the help, `ID`. */
  value?: string
  required?: boolean
  /** May be given more than once. */
  multiple?: boolean
}

/** What was typed: positional words by name, options by name. */
export interface CommandInput {
  words: Readonly<Record<string, string>>
  options: Readonly<Record<string, string | boolean | string[] | undefined>>
}

/**
 * One `suotdoi` command. `run` happens where the store is open (in the server, or here when none runs), `show` where
 * it was typed; between the two the result travels as JSON.
 */
export interface Command<Result = unknown> {
  /** As typed: `credential create`. */
  name: string
  summary: string
  words: readonly { name: string; description: string }[]
  options: Readonly<Record<string, CommandOption>>
  /** `by` is recorded with every change. */
  run(services: Services, input: CommandInput, by: string): Promise<Result | Refusal>
  show(result: Result): string
}

/** Keeps the result's type between `run` and `show`, and forgets it for the list of commands. */
export function defineCommand<Result>(command: Command<Result>): Command {
  return command as Command
}

export function isRefusal(result: unknown): result is Refusal {
  return typeof result === 'object' && result !== null && 'ok' in result && result.ok === false
}

/** One required or optional string option. */
export function text(input: CommandInput, name: string): string | undefined {
  const value = input.options[name]
  return typeof value === 'string' ? value : undefined
}

/** All values of an option that may be repeated. */
export function texts(input: CommandInput, name: string): string[] {
  const value = input.options[name]
  return Array.isArray(value) ? value : []
}

/** Rows in columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function day(time: number | null): string {
  return time === null ? '-' : new Date(time).toISOString().slice(0, 10)
}

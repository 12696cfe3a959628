import type { Refusal } from '../../lrs/index.ts'
import type { Config } from '../config.ts'
import type { Services } from '../services.ts'
import type { CommandRun } from './socket.ts'

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
  /** `path`: a file or folder, seen from where it was typed. */
  words: readonly { name: string; description: string; path?: boolean }[]
  options: Readonly<Record<string, CommandOption>>
  /** `by` is recorded with every change. */
  run(services: Services, input: CommandInput, by: string, how: CommandRun): Promise<Result | Refusal>
  show(result: Result): string
  /** The result tells of something wrong: exit code 1. */
  isBad?(result: Result): boolean
  /** Instead of `run`, for what needs the data folder and no store in it: always runs where it was typed. */
  runHere?(config: Config, input: CommandInput, how: CommandRun): Promise<Result | Refusal>
}

/** Keeps the result's type between `run` and `show`, and forgets it for the list of commands. */
export function defineCommand<Result>(command: Command<Result>): Command {
  return command as Command
}

export function isRefusal(result: unknown): result is Refusal {
  return (
    typeof result === 'object' &&
    result !== null &&
    'ok' in result &&
    result.ok === false &&
    'problems' in result
  )
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

/** Bytes as people read them. */
export function amount(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`
}

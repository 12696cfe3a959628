#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { type Command, isRefusal } from './command.ts'
import { help } from './help.ts'
import { parseCommand } from './parse.ts'
import { createProgressLine } from './progress.ts'
import { type CommandCall, type CommandRun, callServer, socketPath } from './socket.ts'

const EXIT = { done: 0, refused: 1, typedWrongly: 2, unavailable: 3 } as const

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseCommand(argv)
  if (parsed.kind === 'help') {
    console.log(help(parsed.topic))
    return EXIT.done
  }
  if (parsed.kind === 'wrong') {
    console.error(parsed.message)
    return EXIT.typedWrongly
  }
  const { command, input, json } = parsed
  const answer = await ask(command, { command: command.name, ...input, by: userName() })
  if ('problem' in answer) {
    console.error(answer.problem)
    return EXIT.unavailable
  }
  const { result } = answer
  if (isRefusal(result)) {
    if (json) console.log(JSON.stringify({ problems: result.problems }, null, 2))
    for (const problem of result.problems)
      console.error(`${problem.path ? `${problem.path}: ` : ''}${problem.message}`)
    return EXIT.refused
  }
  console.log(json ? JSON.stringify(result, null, 2) : command.show(result))
  return command.isBad?.(result) ? EXIT.refused : EXIT.done
}

/** Asks the running server; where none holds the data, opens the store here for this one command. */
async function ask(command: Command, call: CommandCall): Promise<{ result: unknown } | { problem: string }> {
  const read = readConfig(process.env)
  if (!read.ok) return { problem: read.messages.join('\n') }
  const line = createProgressLine(process.stderr)
  const stop = new AbortController()
  // A second Ctrl+C does not wait.
  process.once('SIGINT', () => stop.abort(new Error('it was stopped')))
  const how: CommandRun = { tell: line.show, signal: stop.signal }
  const words = Object.entries(call.words).map(([name, word]) => [
    name,
    command.words.find((one) => one.name === name)?.path ? resolve(word) : word,
  ])
  try {
    return await askWith(command, { ...call, words: Object.fromEntries(words) }, read.config, how)
  } catch (error) {
    line.end()
    return { problem: `The command was not done: ${error instanceof Error ? error.message : error}` }
  } finally {
    line.end()
  }
}

async function askWith(
  command: Command,
  call: CommandCall,
  config: Config,
  how: CommandRun,
): Promise<{ result: unknown } | { problem: string }> {
  if (command.runHere) return { result: await command.runHere(config, call, how) }
  const { isMongo } = await import('../open-store.ts')
  const shared = isMongo(config)
  const { dataDir } = config
  if (!shared && !existsSync(dataDir))
    return { problem: `There is no data in ${dataDir}. Start the server once (npm start), or set DATA_DIR.` }
  // What processes share is opened beside them.
  const path = shared ? null : socketPath(dataDir)
  const asked = path === null ? null : callServer(path, call, how.tell)
  const stopped = new Promise<never>((_, reject) =>
    how.signal.addEventListener('abort', () => reject(how.signal.reason)),
  )
  const answer = await Promise.race([asked, stopped])
  if (answer) return answer
  const { openServices } = await import('../services.ts')
  const { executeCommand } = await import('./execute.ts')
  const opened = await openServices(config, { mustBeThere: shared })
  if (!opened.ok) return { problem: opened.message }
  try {
    return { result: JSON.parse(JSON.stringify(await executeCommand(opened.services, call, how))) }
  } finally {
    await opened.services.close()
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { readConfig } from '../config.ts'
import { isRefusal } from './command.ts'
import { help } from './help.ts'
import { parseCommand } from './parse.ts'
import { type CommandCall, callServer, socketPath } from './socket.ts'

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
  const answer = await ask({ command: command.name, ...input, by: userName() })
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
  return EXIT.done
}

/** Asks the running server; where none holds the data, opens the store here for this one command. */
async function ask(call: CommandCall): Promise<{ result: unknown } | { problem: string }> {
  const read = readConfig(process.env)
  if (!read.ok) return { problem: read.messages.join('\n') }
  const { dataDir } = read.config
  if (!existsSync(dataDir))
    return { problem: `There is no data in ${dataDir}. Start the server once (npm start), or set DATA_DIR.` }
  const path = socketPath(dataDir)
  try {
    const answer = path === null ? null : await callServer(path, call)
    if (answer) return answer
    const { openServices } = await import('../services.ts')
    const { executeCommand } = await import('./execute.ts')
    const opened = await openServices(read.config)
    if (!opened.ok) return { problem: opened.message }
    try {
      return { result: JSON.parse(JSON.stringify(await executeCommand(opened.services, call))) }
    } finally {
      await opened.services.close()
    }
  } catch (error) {
    return { problem: `The command was not done: ${error instanceof Error ? error.message : error}` }
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

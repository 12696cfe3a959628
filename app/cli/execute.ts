import { type Refusal, refuse } from '../../lrs/index.ts'
import type { Services } from '../services.ts'
import { COMMANDS } from './commands/index.ts'
import type { CommandCall, CommandRun } from './socket.ts'

/** Runs a command where the store is open. */
export async function executeCommand(
  services: Services,
  call: CommandCall,
  how: CommandRun,
): Promise<unknown | Refusal> {
  const command = COMMANDS.find((one) => one.name === call.command)
  if (!command) return refuse(UNKNOWN)
  return command.run(services, { words: call.words, options: call.options }, `cli:${call.by}`, how)
}

const UNKNOWN = {
  id: 'command-unknown',
  status: 404,
  message:
    'The running server does not know this command: it is of another version. Restart it, then try again.',
}

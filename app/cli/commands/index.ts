import type { Command } from '../command.ts'
import { credentialCommands } from './credential.ts'
import { linkCommands } from './link.ts'
import { personCommands } from './person.ts'
import { sourceCommands } from './source.ts'
import { tenantCommands } from './tenant.ts'

/** Every `suotdoi` command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...sourceCommands,
  ...credentialCommands,
  ...linkCommands,
  ...personCommands,
  ...tenantCommands,
]

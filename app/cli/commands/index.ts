import type { Command } from '../command.ts'
import { backupCommands } from './backup.ts'
import { credentialCommands } from './credential.ts'
import { linkCommands } from './link.ts'
import { migrateCommands } from './migrate.ts'
import { personCommands } from './person.ts'
import { rebuildCommands } from './rebuild.ts'
import { restoreCommands } from './restore.ts'
import { secretCommands } from './secret.ts'
import { sourceCommands } from './source.ts'
import { tenantCommands } from './tenant.ts'
import { verifyCommands } from './verify.ts'

/** Every `suotdoi` command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...sourceCommands,
  ...credentialCommands,
  ...linkCommands,
  ...personCommands,
  ...tenantCommands,
  ...secretCommands,
  ...backupCommands,
  ...restoreCommands,
  ...migrateCommands,
  ...verifyCommands,
  ...rebuildCommands,
]

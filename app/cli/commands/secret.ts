import { refuse } from '../../../lrs/index.ts'
import { renewSecret } from '../../secrets.ts'
import { defineCommand } from '../command.ts'

/** Secrets of the installation that may be made anew at any time. */
const PURPOSES = ['session']

export const secretCommands = [
  defineCommand<{ purpose: string }>({
    name: 'secret rotate',
    summary: 'Make a secret of this installation anew; it holds from the next start',
    words: [{ name: 'PURPOSE', description: PURPOSES.join(' or ') }],
    options: {},
    async run({ storage, audit }, { words }, by) {
      const purpose = PURPOSES.find((one) => one === words.PURPOSE)
      if (!purpose) return refuse(UNKNOWN)
      await renewSecret(storage.system, purpose)
      await audit.append({ actor: by, action: 'configuration-change', detail: { secret: purpose } })
      return { purpose }
    },
    show: ({ purpose }) =>
      `The ${purpose} secret is new. Restart the server: from then on everybody signs in again.`,
  }),
]

const UNKNOWN = {
  id: 'command-secret-unknown',
  status: 404,
  message: `There is no such secret. There is: ${PURPOSES.join(', ')}.`,
}

import { refuse } from '../../../lrs/index.ts'
import type { BackupOutcome } from '../../../lrs/storage/port.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { amount, defineCommand } from '../command.ts'

type Made = Extract<BackupOutcome, { ok: true }>

export const backupCommands = [
  defineCommand<Omit<Made, 'ok'>>({
    name: 'backup',
    summary: 'Copy everything into a new folder, as it is at one moment, while the server goes on',
    words: [{ name: 'FOLDER', description: 'where to; must not be there yet', path: true }],
    options: {},
    async run({ storage, audit }, { words }, by, { tell, signal }) {
      const folder = words.FOLDER ?? ''
      const outcome = await storage.backup(folder, {
        signal,
        about: { product: packageJson.name, version: packageJson.version },
        progress: (done, total) => tell({ what: 'Copied', done, total }),
      })
      if (!outcome.ok)
        return refuse({ id: `backup-${outcome.refusal}`, status: 409, message: whyNot(folder, outcome) })
      const { ok, ...made } = outcome
      await audit.append({ actor: by, action: 'backup', detail: { bytes: made.bytes, blobs: made.blobs } })
      return made
    },
    show: ({ folder, bytes, blobs, ms, damaged }) =>
      [
        `Backed up to ${folder}: ${amount(bytes)}, ${blobs} attachments and lesson files, in ${(ms / 1000).toFixed(1)} s.`,
        ...(damaged.length > 0
          ? [
              `Take care: ${damaged.length} of these files are missing or changed in the store itself. Run: suotdoi verify`,
            ]
          : []),
      ].join('\n'),
    isBad: ({ damaged }) => damaged.length > 0,
  }),
]

function whyNot(folder: string, outcome: Extract<BackupOutcome, { ok: false }>): string {
  switch (outcome.refusal) {
    case 'exists':
      return `${folder} is there already. Name a folder that is not, such as one with the date: suotdoi backup /backup/$(date +%F)`
    case 'inside':
      return `${folder} lies inside the data folder, which it is to be a copy of. Name one on another disk.`
    case 'running':
      return 'Another backup is being made. Wait until it is done.'
    case 'room':
      return `The disk of ${folder} has ${amount(outcome.free)} free, and the backup needs ${amount(outcome.needed)}. Remove old backups, or choose another disk.`
    case 'moment':
      return 'It took longer than the MongoDB server remembers what was at one moment. Let it remember for longer, then begin anew: docs/operations.md, “Backup of MongoDB”.'
    case 'unwritable':
      return `${folder} cannot be made (${outcome.reason}). The server makes it: see that its account may write there.`
  }
}

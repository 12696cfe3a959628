import { refuse } from '../../../lrs/index.ts'
import { readManifest } from '../../../lrs/storage/manifest.ts'
import { type RestoreOutcome, restore } from '../../../lrs/storage/sqlite/index.ts'
import { takeDataFolder } from '../../data-folder.ts'
import { isMongo, storeName } from '../../open-store.ts'
import { restoreByMoving } from '../../upkeep/restore-by-moving.ts'
import { amount, defineCommand } from '../command.ts'

type Restored = Pick<Extract<RestoreOutcome, { ok: true }>, 'files' | 'bytes' | 'ms'> & {
  dataDir: string
  made: string
  statements: number
}

const MOST_NAMED = 20

export const restoreCommands = [
  defineCommand<Restored>({
    name: 'restore',
    summary:
      'Put a backup into an empty store: an absent DATA_DIR, or a new database; no server may run on it',
    words: [{ name: 'FOLDER', description: 'what suotdoi backup made', path: true }],
    options: {},
    run: () => Promise.reject(new Error('A backup is restored where no server runs.')),
    async runHere(config, { words }, how) {
      const { dataDir } = config
      const { tell } = how
      const folder = words.FOLDER ?? ''
      const known = await readManifest(folder)
      if (typeof known !== 'string' && (known.formatVersion === 2 || isMongo(config))) {
        const outcome = await restoreByMoving(config, folder, known, how)
        if ('message' in outcome)
          return refuse({ id: 'restore-refused', status: 409, message: outcome.message })
        return { ...outcome, dataDir: storeName(config), made: known.made }
      }
      const taken = takeDataFolder(dataDir)
      if (!taken.ok) return refuse({ id: 'restore-in-use', status: 409, message: taken.message })
      try {
        const outcome = await restore(folder, dataDir, (done, total) =>
          tell({ what: 'Checked and copied', done, total }),
        )
        if (!outcome.ok) {
          const { message, damaged } = outcome
          const names = damaged.slice(0, MOST_NAMED).map((name) => `\n  ${name}`)
          return refuse({ id: 'restore-refused', status: 409, message: `${message}${names.join('')}` })
        }
        const { manifest, files, bytes, ms } = outcome
        const statements = manifest.databases.reduce((sum, one) => sum + one.statements, 0)
        return { dataDir, made: manifest.made, statements, files, bytes, ms }
      } finally {
        taken.release()
      }
    },
    show: ({ dataDir, made, statements, files, bytes }) =>
      [
        `Restored into ${dataDir}: ${statements} statements, ${files} files, ${amount(bytes)}, as of ${made}.`,
        'Every file was compared with its digest. Next: npm start',
      ].join('\n'),
  }),
]

import { refuse } from '../../../lrs/index.ts'
import { openSource, openTarget, placeOf } from '../../open-ends.ts'
import { storeName } from '../../open-store.ts'
import { type MovedHouse, moveHouse } from '../../upkeep/move-house.ts'
import { defineCommand, text } from '../command.ts'

const URLS = 'sqlite:/path of a data folder, or mongodb://host/database'

export const migrateCommands = [
  defineCommand<MovedHouse & { from: string; to: string }>({
    name: 'migrate',
    summary:
      'Move everything from one store into an empty one, and compare both; no server may run on either',
    words: [],
    options: {
      from: {
        type: 'string',
        value: 'URL',
        description: `what is moved: ${URLS}; it is only read`,
        required: true,
      },
      to: { type: 'string', value: 'URL', description: `where to: ${URLS}`, required: true },
    },
    run: () => Promise.reject(new Error('Stores are moved where no server runs.')),
    async runHere({ dataDir }, input, how) {
      const from = placeOf(text(input, 'from') ?? '', dataDir)
      const to = placeOf(text(input, 'to') ?? '', dataDir)
      if (!from || !to) return refusal('migrate-url', `--${from ? 'to' : 'from'} must be ${URLS}.`)
      if (JSON.stringify(from) === JSON.stringify(to))
        return refusal('migrate-same', '--from and --to are the same store. Name two.')
      const source = await openSource(from)
      if (!source.ok) return refusal('migrate-source', source.message)
      try {
        const target = await openTarget(to)
        if (!target.ok) return refusal('migrate-target', target.message)
        try {
          const names = { from: storeName(from), to: storeName(to) }
          const moved = await moveHouse({ ...source, name: names.from }, target.storage, how)
          return typeof moved === 'string' ? refusal('migrate-refused', moved) : { ...moved, ...names }
        } finally {
          await target.close()
        }
      } finally {
        await source.close()
      }
    },
    show: (moved) => (moved.ok ? well(moved) : wrong(moved)),
    isBad: ({ ok, damaged }) => !ok || damaged.length > 0,
  }),
]

const refusal = (id: string, message: string) => refuse({ id, status: 409, message })

const MOST_SHOWN = 20

function well({ from, to, statements, parts, damaged, movedMs, comparedMs }: MovedHouse & Ends): string {
  const counted = parts
    .filter(({ count, part }) => count > 0 && part !== 'counters')
    .map(
      ({ tenant, part, count, digest }) =>
        `  ${tenant ?? 'system'} ${part}: ${count}, ${digest.slice(0, 16)} on both sides`,
    )
  return [
    `Moved ${statements} statements and everything else from ${from} to ${to} in ${seconds(movedMs)} s, and compared both in ${seconds(comparedMs)} s: they keep the same.`,
    ...counted,
    ...(damaged.length > 0
      ? [
          `Take care: ${damaged.length} files were missing or changed in the source already: ${damaged
            .slice(0, MOST_SHOWN)
            .map(({ sha2 }) => sha2)
            .join(', ')}`,
        ]
      : []),
    'The source is as it was. Next: set STORE_URL (or DATA_DIR), then npm start',
  ].join('\n')
}

function wrong({ from, to, differences }: MovedHouse & Ends): string {
  return [
    `${to} does not keep the same as ${from}, and cannot be used:`,
    ...differences.slice(0, MOST_SHOWN).map((one) => `  ${one}`),
    'The source is as it was. Look for damage there (suotdoi verify), empty the target, and begin anew.',
  ].join('\n')
}

interface Ends {
  from: string
  to: string
}
const seconds = (ms: number) => (ms / 1000).toFixed(1)

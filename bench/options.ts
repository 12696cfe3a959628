import { parseArgs } from 'node:util'

export const STORES = ['sqlite', 'mongo'] as const
export type StoreName = (typeof STORES)[number]

export interface BenchOptions {
  /** Which benchmarks run when none are named. */
  store: StoreName
  /** Names of benchmarks; null: all that do not run only on demand. */
  only: readonly string[] | null
  json: boolean
  rounds: number
  /** Part of the usual work, from 0 to 1: a small one shows that a benchmark runs, and measures nothing. */
  scale: number
  /** Where the data of the servers and floors go. Null: the system's folder for temporary files. */
  folder: string | null
  help: boolean
}

const ROUNDS = 3

/** Reads the words behind `npm run bench --`. A value says in words what is wrong. */
export function readBenchOptions(
  args: readonly string[],
  names: readonly string[],
): { ok: true; options: BenchOptions } | { ok: false; message: string } {
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        store: { type: 'string', default: 'sqlite' },
        json: { type: 'boolean' },
        rounds: { type: 'string' },
        scale: { type: 'string' },
        folder: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return { ok: false, message: `${(error as Error).message}\n${benchHelp(names)}` }
  }
  const store = STORES.find((one) => one === values.store)
  if (store === undefined) return { ok: false, message: `--store must be one of: ${STORES.join(', ')}.` }
  const only = values.only === undefined ? null : String(values.only).split(',').map(fullName(store, names))
  const unknown = only?.find((name) => !names.includes(name))
  if (unknown !== undefined)
    return { ok: false, message: `There is no benchmark “${unknown}”. There are: ${names.join(', ')}` }
  const rounds = Number(values.rounds ?? ROUNDS)
  if (!Number.isInteger(rounds) || rounds < 1)
    return { ok: false, message: '--rounds must be a whole number from 1.' }
  const scale = Number(values.scale ?? 1)
  if (!(scale > 0 && scale <= 1)) return { ok: false, message: '--scale must be above 0 and at most 1.' }
  return {
    ok: true,
    options: {
      store,
      only,
      json: values.json === true,
      rounds,
      scale,
      folder: values.folder === undefined ? null : String(values.folder),
      help: values.help === true,
    },
  }
}

/** On MongoDB a benchmark may be called by what it is called on SQLite. */
const fullName = (store: StoreName, names: readonly string[]) => (name: string) =>
  store === 'mongo' && names.includes(`mongo-${name}`) ? `mongo-${name}` : name

export function benchHelp(names: readonly string[]): string {
  return `npm run bench -- [options]

  --only NAME[,NAME]  these alone: ${names.join(', ')}
  --store NAME        sqlite (without this) or mongo: whose benchmarks run when none are named; with mongo,
                      post-one means mongo-post-one
  --json              one JSON object per figure and line on standard output, and nothing else there
                      (npm itself prints two lines before, unless it is called with --silent)
  --rounds N          rounds to take the median of; ${ROUNDS}
  --folder PATH       where data are written while it measures; a disk, never tmpfs
  --scale PART        a part of the usual work, 0.01: to see whether it runs, not to measure
  --help

Ends with 0 when every goal was met, 1 when one was not, 2 when it could not measure.`
}

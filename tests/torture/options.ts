import { parseArgs } from 'node:util'

export const TORTURE_STORES = ['sqlite', 'mongo'] as const
export type TortureStore = (typeof TORTURE_STORES)[number]

export interface TortureOptions {
  store: TortureStore
  rounds: number
  /** Every choice follows from it; what the machine makes of the moments does not. */
  seed: number
  /** Where data are written. Null: the system's folder for temporary files. */
  folder: string | null
  json: boolean
  help: boolean
}

const ROUNDS = 20

/** Reads the words behind `npm run torture --`. A value says in words what is wrong. */
export function readTortureOptions(
  args: readonly string[],
): { ok: true; options: TortureOptions } | { ok: false; message: string } {
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        store: { type: 'string' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
        folder: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return { ok: false, message: `${(error as Error).message}\n${tortureHelp()}` }
  }
  const store = TORTURE_STORES.find((one) => one === (values.store ?? 'sqlite'))
  if (!store) return { ok: false, message: `--store must be one of ${TORTURE_STORES.join(', ')}.` }
  const rounds = Number(values.rounds ?? ROUNDS)
  if (!Number.isInteger(rounds) || rounds < 1)
    return { ok: false, message: '--rounds must be a whole number from 1.' }
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000)
  if (!Number.isInteger(seed) || seed < 0)
    return { ok: false, message: '--seed must be a whole number from 0.' }
  return {
    ok: true,
    options: {
      store,
      rounds,
      seed,
      folder: values.folder === undefined ? null : String(values.folder),
      json: values.json === true,
      help: values.help === true,
    },
  }
}

export function tortureHelp(): string {
  return `npm run torture -- [options]

  --store NAME   sqlite, or mongo: two processes on a MongoDB that is started for it; sqlite
  --rounds N     kills, each followed by a start and a check; ${ROUNDS}
  --seed S       the same choices again: what is sent, which moments are aimed at
  --folder PATH  where data are written; a folder of its own is made in it
  --json         the figures as one JSON object on standard output, and nothing else there
  --help

Ends with 0 when nothing was lost, 1 when something was: the data stay then, and the seed is printed.`
}

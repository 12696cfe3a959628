import { parseArgs } from 'node:util'
import { describeVariables } from './config.ts'

export type StartOptions = { ok: true; help: boolean; demo: boolean } | { ok: false; message: string }

/** What stands behind `npm start --`. */
export function readOptions(argv: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { help: { type: 'boolean', short: 'h' }, demo: { type: 'boolean' } },
      allowPositionals: false,
      strict: true,
    })
    return { ok: true, help: values.help === true, demo: values.demo === true }
  } catch {
    const unknown = argv.find((word) => word !== '--help' && word !== '-h' && word !== '--demo')
    return {
      ok: false,
      message: `Unknown option ${unknown}. There are --demo and --help: npm start -- --help`,
    }
  }
}

export function startHelp(): string {
  return `Suốt Đời: a learning record store that hosts H5P lessons.

Usage: npm start [-- OPTION]

  --demo      Fill an empty store with a small sample, marked as such, before starting
  --help      This

Environment variables:

${describeVariables()}

Commands for a running server: npm run suotdoi -- help`
}

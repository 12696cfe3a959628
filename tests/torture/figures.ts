import type { RequestKind } from './ledger.ts'
import { MOMENTS, type Moment } from './moments.ts'

/** What a run did and found. */
export interface Figures {
  seed: number
  rounds: Record<Moment, number>
  /** What was killed. */
  killed: Record<string, number>
  /** Folders that were begun anew. */
  folders: number
  /** Kills within the very first start on a folder, which come on top of the rounds. */
  firstStarts: number
  /** Requests by what became of them: acknowledged; without an answer and there whole; without an answer and not there. */
  requests: Record<RequestKind, { acknowledged: number; whole: number; absent: number }>
  statements: {
    acknowledged: number
    found: number
    unacknowledgedWhole: number
    unacknowledgedAbsent: number
  }
  /** Voids that were looked for, and are in force. */
  voids: number
  /** Attachments whose bytes were compared. */
  attachments: number
  /** Kills with a migration pending, by what the kill left of it. */
  migrations: { done: number; undone: number }
  backups: { finished: number; killed: number; restored: number }
  /** Times that everything was looked through: statements, feed, indexes, records, blobs. */
  wholeChecks: number
  /** Times that the records were made anew and were the same. */
  rebuilds: number
  /** From the start of the process on a killed folder until it was ready, ms. */
  recoveries: number[]
  seconds: number
}

export function createFigures(seed: number): Figures {
  const none = () => ({ acknowledged: 0, whole: 0, absent: 0 })
  return {
    seed,
    rounds: Object.fromEntries(MOMENTS.map((moment) => [moment, 0])) as Figures['rounds'],
    killed: {},
    folders: 0,
    firstStarts: 0,
    requests: { single: none(), batch: none(), large: none(), attachment: none(), void: none() },
    statements: { acknowledged: 0, found: 0, unacknowledgedWhole: 0, unacknowledgedAbsent: 0 },
    voids: 0,
    attachments: 0,
    migrations: { done: 0, undone: 0 },
    backups: { finished: 0, killed: 0, restored: 0 },
    wholeChecks: 0,
    rebuilds: 0,
    recoveries: [],
    seconds: 0,
  }
}

/** The figures as a table for people. */
export function table(figures: Figures): string {
  const { statements, backups, requests } = figures
  const recoveries = figures.recoveries.toSorted((a, b) => a - b)
  const rounds = Object.values(figures.rounds).reduce((sum, count) => sum + count, 0)
  return [
    row('Seed', figures.seed),
    row('Rounds', rounds),
    ...MOMENTS.filter((moment) => figures.rounds[moment] > 0).map((moment) =>
      row(`  killed in: ${moment}`, figures.rounds[moment]),
    ),
    ...Object.entries(figures.killed).map(([what, times]) => row(`  killed: ${what}`, times)),
    row('Stores', figures.folders),
    row('  killed in the very first start', figures.firstStarts),
    row('Statements acknowledged', statements.acknowledged),
    row('  of them found, once, as sent', statements.found),
    row('Without an answer: there whole', statements.unacknowledgedWhole),
    row('Without an answer: not there', statements.unacknowledgedAbsent),
    ...Object.entries(requests).map(([kind, { acknowledged, whole, absent }]) =>
      row(`  requests: ${kind}`, `${acknowledged} acknowledged, ${whole} whole, ${absent} not there`),
    ),
    row('Voids in force', figures.voids),
    row('Attachments compared', figures.attachments),
    row(
      'Migrations at the kill',
      `${figures.migrations.done} committed, ${figures.migrations.undone} as if never begun`,
    ),
    row('Backups', `${backups.finished} finished, ${backups.killed} killed, ${backups.restored} restored`),
    row('Everything looked through', figures.wholeChecks),
    row('Records rebuilt, the same', figures.rebuilds),
    row('Recovery, median / longest', `${ms(recoveries[recoveries.length >> 1])} / ${ms(recoveries.at(-1))}`),
    row('Took', `${figures.seconds.toFixed(0)} s`),
  ].join('\n')
}

const ms = (value = 0) => `${value.toFixed(0)} ms`
const row = (label: string, value: string | number) => `${label.padEnd(34)}${value}`

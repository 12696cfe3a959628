import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { workerData } from 'node:worker_threads'
import { tendLog } from '../checkpoint.ts'
import { type Connection, connect, isOutage } from '../connection.ts'
import { migrate } from '../migrations/index.ts'
import { type Arrivals, createArrivals } from '../operations/arrivals.ts'
import { fsyncFolder } from '../operations/blobs.ts'
import { rolledBack, type WriteContext } from '../operations/context.ts'
import { type AnyWrite, WRITES } from '../operations/index.ts'
import { isLogDue, noteLogUsed, truncateLog } from '../truncate-log.ts'
import type { Copy, Failure, Group, GroupReply, Place, Reply } from './messages.ts'
import { failure, serve } from './serve.ts'

interface Counters {
  position: number
  stored: number
  revision: number
  statements: number
}
/** And how many statements came that were not there; undone with the job that brought them. */
interface Counting extends Counters {
  fresh: number
}

const open = new Map<string, Connection>()
const COUNTERS = 'SELECT position, stored, revision, statements FROM meta'

/** For tests: how many commits are still to fail, or below zero that they stand still (openSqlite's `failingCommits`). */
const failingCommits = (workerData as { failingCommits?: Int32Array } | null)?.failingCommits

serve((request) => {
  if ('group' in request) return commitGroup(request.group)
  if ('copy' in request) return copyDatabase(request.copy)
  for (const db of open.values()) db.close()
  open.clear()
})

function connection(place: Place): Connection {
  let db = open.get(place.path)
  if (!db) {
    const folder = dirname(place.path)
    if (mkdirSync(folder, { recursive: true }) !== undefined) fsyncFolder(dirname(folder))
    db = connect(place.path, 'writer')
    try {
      migrate(db, place.kind)
      // After a failed commit this overwrites what it may have left in the log, and shows whether the disk takes commits again.
      db.exec('UPDATE meta SET position = position')
    } catch (error) {
      db.close()
      throw error
    }
    noteLogUsed(db)
    open.set(place.path, db)
  }
  return db
}

/**
 * Runs the jobs in one transaction; one that refuses or fails undoes itself alone.
 * When the store itself fails, nothing of the group is acknowledged and the connection is given up, because a commit
 * that is tried again after a failed fsync can succeed without being on disk.
 */
function commitGroup(group: Group): GroupReply {
  let db: Connection | undefined
  const after: (() => void)[] = []
  try {
    db = connection(group.place)
    if (group.jobs.length === 0) {
      if (group.stamp > 0) db.run('UPDATE meta SET stored = max(stored, ?)', group.stamp)
      const { position, stored, statements } = db.row<Counters>(COUNTERS)!
      return { results: [], position, stored, statements, ...NOTHING, failure: null }
    }
    const begun = performance.now()
    const { results, counters, before } = runJobs(db, group, after)
    // What changed nothing (a repeated send, a refusal) needs no sync: what it found there is durable.
    const changed = changes(db) > before
    const stored = Math.max(group.stamp, counters.stored)
    if (changed) {
      db.run(
        'UPDATE meta SET position = ?, stored = ?, revision = ?, statements = ?',
        counters.position,
        stored,
        counters.revision,
        counters.statements,
      )
      noteLogUsed(db)
      failWhenTold()
    }
    const syncing = performance.now()
    db.run('COMMIT')
    const durable = performance.now()
    for (const act of after) attempt(act)
    if (isLogDue(db)) attempt(() => truncateLog(db!))
    let logDue = false
    if (changed)
      attempt(() => {
        logDue = tendLog(db!)
      })
    const { position, statements, fresh } = counters
    const measured = { fresh, ms: durable - begun, syncMs: changed ? durable - syncing : 0 }
    return { results, position, stored, statements, measured, logDue, failure: null }
  } catch (error) {
    giveUp(group.place)
    const failed: Failure = { ...failure(error), outage: true }
    const results = group.jobs.map(() => failed)
    return { results, position: 0, stored: 0, statements: 0, ...NOTHING, failure: failed }
  }
}

const NOTHING = { measured: { fresh: 0, ms: 0, syncMs: 0 }, logDue: false }

const changes = (db: Connection): number => db.row<{ n: number }>('SELECT total_changes() AS n')!.n

/**
 * What these did is in the database alone, so that it can be rolled back and done again, and none of them looks at the
 * entries of statements that came with it.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  'statements.write',
  'statements.writeSpooled',
  'collections.batch',
  'documents.put',
  'documents.delete',
  'postings.begin',
  'postings.add',
  'postings.end',
  'postings.renew',
  'holdings.take',
])

/**
 * A savepoint costs nearly as much as the work in it, because it copies every page that is changed, and what it is for
 * is rare. So the jobs run without first; when one of them has to undo what it wrote, all begin again, each in its own.
 */
function runJobs(db: Connection, group: Group, after: (() => void)[]) {
  const guards = group.jobs.every(({ name }) => REPEATABLE.has(name)) ? [false, true] : [true]
  for (const guarded of guards) {
    db.run('BEGIN IMMEDIATE')
    const counters: Counting = { ...db.row<Counters>(COUNTERS)!, fresh: 0 }
    const before = changes(db)
    const undo: (() => void)[] = []
    const arrivals = createArrivals()
    const results: Reply[] = []
    for (const job of group.jobs) {
      const reply = runJob(db, group, job, { counters, after, undo, arrivals, guarded })
      if (reply === 'again') break
      results.push(reply)
    }
    if (results.length === group.jobs.length && enter(db, arrivals, group.stamp))
      return { results, counters, before }
    for (const act of undo) act()
    after.length = 0
    db.run('ROLLBACK')
  }
  throw new Error('A job could not be undone')
}

/** False when it failed for another reason than the machine: then each job is to fail for itself. */
function enter(db: Connection, arrivals: Arrivals, stamp: number): boolean {
  try {
    arrivals.write(db, stamp)
    return true
  } catch (error) {
    if (isOutage(error) || !db.inTransaction()) throw error
    return false
  }
}

interface Run {
  counters: Counting
  /** Of the whole transaction when it is not guarded, else written with each job. */
  arrivals: Arrivals
  after: (() => void)[]
  /** What forgets all that was remembered since the transaction began. */
  undo: (() => void)[]
  guarded: boolean
}

/** `again`: what the job did cannot be undone without what the others did. */
function runJob(
  db: Connection,
  group: Group,
  job: Group['jobs'][number],
  { counters, arrivals, after, undo: undoAll, guarded }: Run,
): Reply | 'again' {
  const before = { ...counters }
  const written = guarded ? 0 : changes(db)
  const undo: (() => void)[] = []
  const acts: (() => void)[] = []
  const context: WriteContext = {
    db,
    blobs: group.place.blobs,
    stamp: group.stamp,
    now: group.now,
    nextPosition: () => ++counters.position,
    nextRevision: () => ++counters.revision,
    countStatements: (change) => {
      counters.statements += change
      if (change > 0) counters.fresh += change
    },
    raise: ({ position = 0, stored = 0, revision = 0 }) => {
      counters.position = Math.max(counters.position, position)
      counters.stored = Math.max(counters.stored, stored)
      counters.revision = Math.max(counters.revision, revision)
    },
    arrivals,
    onRollback: (act) => undo.push(act),
    afterCommit: (act) => acts.push(act),
  }
  const rollBack = (reply: Reply): Reply | 'again' => {
    for (const act of undo) act()
    if (!guarded && changes(db) > written) return 'again'
    if (guarded) db.exec('ROLLBACK TO job; RELEASE job')
    if (guarded) arrivals.clear()
    Object.assign(counters, before)
    return reply
  }
  if (guarded) db.run('SAVEPOINT job')
  try {
    const value = (WRITES[job.name] as AnyWrite)(context, ...job.args)
    const refused = rolledBack(value)
    if (refused) return rollBack({ ok: true, value: refused.value })
    if (guarded) {
      arrivals.write(db, group.stamp)
      db.run('RELEASE job')
    }
    after.push(...acts)
    undoAll.push(...undo)
    return { ok: true, value }
  } catch (error) {
    if (isOutage(error) || !db.inTransaction()) throw error
    return rollBack(failure(error))
  }
}

/** From this connection, because a copy over another one begins anew with every commit. */
function copyDatabase({ place, to, control }: Copy): Promise<void> {
  return connection(place).copyTo(to, ({ done, total }) => {
    Atomics.store(control, 1, done)
    Atomics.store(control, 2, total)
    return Atomics.load(control, 0) === 0
  })
}

function giveUp(place: Place): void {
  const db = open.get(place.path)
  open.delete(place.path)
  if (db) attempt(() => db.close())
}

/** What follows a commit cannot change what was answered; what it leaves undone is found by the next collection. */
function attempt(act: () => void): void {
  try {
    act()
  } catch {}
}

function failWhenTold(): void {
  if (!failingCommits) return
  for (let told = -1; told < 0; told = Atomics.load(failingCommits, 0)) Atomics.wait(failingCommits, 0, told)
  if (Atomics.load(failingCommits, 0) > 0) {
    Atomics.sub(failingCommits, 0, 1)
    throw Object.assign(new Error('disk I/O error (told to fail)'), { errcode: 10 })
  }
}

import { setTimeout as pause } from 'node:timers/promises'
import {
  type ClientSession,
  type Db,
  MongoBulkWriteError,
  MongoClient,
  MongoClientClosedError,
  MongoError,
  MongoErrorLabel,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
  type TransactionOptions,
} from 'mongodb'
import { StorageUnavailable } from '../port.ts'
import { createLiveSessions } from './live-sessions.ts'
import { whyNotConnected } from './why-not-connected.ts'

/** One MongoDB database and how this process speaks with it. */
export interface Connection {
  readonly client: MongoClient
  readonly db: Db
  /** How long a call waits for a server that does not answer, ms. */
  readonly patience: number
  /**
   * Runs `work` in a transaction (snapshot; w: majority, j: true) and again when another one came in between. Whoever
   * wants nothing kept calls `session.abortTransaction()` and returns. `work` must do nothing that cannot be done again.
   * Rejects with `OutcomeUnknown` when it may have been kept.
   */
  transact<T>(
    work: (session: ClientSession) => Promise<T>,
    options?: {
      /** So long it is tried again, ms. */
      within?: number
      /** Called before it is, after so many tries. */
      again?: (tries: number) => Promise<void>
    },
  ): Promise<T>
  /** Runs what is one operation, or only reads; outages become StorageUnavailable. */
  ask<T>(work: () => Promise<T>): Promise<T>
  /** The same database for who counts and reads all of it, with time for each answer; to be closed by who asked. */
  unhurried(): { client: MongoClient; db: Db }
  /** Transactions that were begun, and those of them that had to be run again. */
  readonly counts: { transactions: number; again: number }
  close(): Promise<void>
}

/** The transaction may have been kept and may be kept yet: look before it is tried again. */
export class OutcomeUnknown extends StorageUnavailable {
  override name = 'OutcomeUnknown'
}

export interface ConnectOptions {
  /** `mongodb://…` or `mongodb+srv://…`; the database is the one in its path, `suotdoi` without. */
  url: string
  /** See `Connection.patience`. */
  patience?: number
  /** For tests: runs before each commit, which does not happen when it throws. */
  beforeCommit?: () => void | Promise<void>
}

const PATIENCE = 8_000
/** So long an answer may take, ms: a pause of the server, and a count of many millions. */
const ANSWER = 30_000
const UNHURRIED_ANSWER = 3_600_000
const WITHIN = 20_000
/** After so many tries in a row: what is in the way may be a transaction of a process that died. */
const CLEAR_EVERY = 5
const TRANSACTION: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
}

/** Rejects with StorageUnavailable, in words, when there is no server or none with transactions. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { url, patience = PATIENCE, beforeCommit = () => {} } = options
  const [client, database] = parse(url, patience)
  const counts = { transactions: 0, again: 0 }
  const live = createLiveSessions(client.db(database))

  async function transact<T>(
    work: (session: ClientSession) => Promise<T>,
    {
      within = WITHIN,
      again = async () => {},
    }: { within?: number; again?: (tries: number) => Promise<void> } = {},
  ): Promise<T> {
    const end = performance.now() + within
    const session = client.startSession()
    try {
      await live.enter(session)
      for (let tries = 1; ; tries++) {
        counts.transactions++
        let worked = false
        try {
          session.startTransaction(TRANSACTION)
          const result = await work(session)
          worked = true
          if (session.inTransaction()) {
            await beforeCommit()
            await commit(session, end)
          }
          return result
        } catch (error) {
          if (session.inTransaction()) await session.abortTransaction().catch(() => {})
          const mayRun = mayRunAgain(error) || (!worked && isLost(error))
          if (!mayRun || performance.now() > end) throw error
          counts.again++
          if (tries % CLEAR_EVERY === 0) await live.clear()
          await again(tries)
          await pause(Math.random() * Math.min(100, 2 ** tries))
        }
      }
    } catch (error) {
      throw asOutage(error)
    } finally {
      live.leave()
      await session.endSession().catch(() => {})
    }
  }

  const connection: Connection = {
    client,
    db: client.db(database),
    patience,
    counts,
    transact,
    ask: (work) =>
      work().catch((error: unknown) => {
        throw asOutage(error)
      }),
    unhurried() {
      const [own] = parse(url, patience, UNHURRIED_ANSWER)
      return { client: own, db: own.db(database) }
    },
    async close() {
      await live.end()
      await client.close()
    },
  }
  try {
    await client.connect()
    await mustHaveTransactions(client)
    return connection
  } catch (error) {
    await client.close()
    throw inWords(error)
  }
}

function parse(url: string, patience: number, answer = ANSWER): [MongoClient, string] {
  try {
    const client = new MongoClient(url, {
      appName: 'suotdoi',
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', journal: true },
      readPreference: 'primary',
      serverSelectionTimeoutMS: patience,
      connectTimeoutMS: patience,
      waitQueueTimeoutMS: patience,
      socketTimeoutMS: answer,
      ignoreUndefined: true,
      // Chosen here, not by an address somebody copied.
      retryReads: true,
      retryWrites: true,
    })
    return [client, databaseOf(url)]
  } catch (error) {
    throw inWords(error)
  }
}

function inWords(error: unknown): unknown {
  const why = whyNotConnected(error)
  // Without its cause: that may quote the address.
  return why === null ? error : new StorageUnavailable(why)
}

/** The database in a URL's path; `suotdoi` when there is none. */
export function databaseOf(url: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(url)?.[1]
  return path ? decodeURIComponent(path) : 'suotdoi'
}

/** A server on its own keeps no transactions (MongoDB manual, "Transactions"). */
async function mustHaveTransactions(client: MongoClient): Promise<void> {
  const hello = await client.db('admin').command({ hello: 1 })
  if (hello.setName || hello.msg === 'isdbgrid') return
  throw new StorageUnavailable(
    'the MongoDB server stands alone, and only a replica set keeps transactions. Make it a set of one: start mongod with --replSet suotdoi, then run: mongosh --eval "rs.initiate()"',
  )
}

/** Commits, and again as long as it is not known whether it is (Transactions API specification, commitTransaction). */
async function commit(session: ClientSession, end: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await session.commitTransaction()
      return
    } catch (error) {
      const isUnknown = hasLabel(error, MongoErrorLabel.UnknownTransactionCommitResult) || isLost(error)
      // Only a server can say that it is not kept, and none that is asked again: it may have forgotten what it did.
      if (!isUnknown && tries === 1 && error instanceof MongoServerError && !isForgotten(error)) throw error
      if (!isUnknown || performance.now() > end) throw new OutcomeUnknown(wordsOf(error))
      await pause(Math.min(1_000, 10 * 2 ** tries))
    }
  }
}

/** TransactionTooOld, NoSuchTransaction: the driver itself may have asked before, and had no answer. */
const FORGOTTEN = new Set<unknown>([225, 251])
const isForgotten = ({ code }: MongoServerError) => FORGOTTEN.has(code)

const BAD_VALUE = 2
const DUPLICATE_KEY = 11_000

/** A key that another transaction took first shows as a conflict, or as this when it was there before ours looked. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY
}

/** Of what others took first, again and again, for as long as anybody waits. */
export const tooLong = (error: unknown) =>
  new StorageUnavailable(`others were first for too long: ${wordsOf(error)}`, { cause: error })

/** Runs a transaction again when a key that it did not see was there: its next look sees it. */
export async function runAgainOnDuplicate<T>(run: () => Promise<T>): Promise<T> {
  const end = performance.now() + WITHIN
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      if (performance.now() > end) throw tooLong(error)
      await pause(Math.random() * 10)
    }
  }
}

/** A bulk write that lost its connection rejects as if a server had answered; what happened is in it. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error
  const inner: unknown = error.errorResponse
  return inner instanceof Error ? inner : error
}

/** The driver marks only the first of those whose connections are lost together. */
const isLost = (error: unknown) => causeOf(error) instanceof MongoNetworkError

const mayRunAgain = (error: unknown) => hasLabel(error, MongoErrorLabel.TransientTransactionError)

const hasLabel = (error: unknown, label: string) => error instanceof MongoError && error.hasErrorLabel(label)

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Codes by which a server says that it cannot just now: shutting down, stepping down, no majority, too slow, full. */
const OUTAGES: ReadonlySet<number> = new Set([
  6, 7, 43, 50, 64, 79, 89, 91, 100, 112, 133, 134, 189, 202, 226, 237, 246, 251, 262, 290, 317, 349, 358,
  365, 384, 9001, 10107, 11600, 11601, 11602, 13388, 13435, 13436, 14031, 50915, 50768, 225,
])

function asOutage(error: unknown): unknown {
  if (error instanceof StorageUnavailable) return error
  return isOutage(causeOf(error)) ? new StorageUnavailable(wordsOf(error), { cause: error }) : error
}

function isOutage(error: unknown): boolean {
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoClientClosedError ||
    error instanceof MongoOperationTimeoutError ||
    error instanceof MongoWriteConcernError
  )
    return true
  if (!(error instanceof MongoError)) return false
  if (error.name === 'MongoWaitQueueTimeoutError') return true
  if (hasLabel(error, MongoErrorLabel.TransientTransactionError)) return true
  if (hasLabel(error, MongoErrorLabel.RetryableWriteError)) return true
  // An index that a page needs is still being built.
  if (error.code === BAD_VALUE && /\bhint\b/.test(error.message)) return true
  return typeof error.code === 'number' && OUTAGES.has(error.code)
}

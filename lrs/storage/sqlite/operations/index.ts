import { moveLog } from '../checkpoint.ts'
import { clearMark, isEmpty, readMark, setMark, takePortion } from '../holdings/take.ts'
import { adoptBlob, blobSize, collectBlobs, holdBlobs } from './blobs.ts'
import { blobBytes, check, extent, inspectStatements, mend } from './check.ts'
import type { ReadContext, WriteContext } from './context.ts'
import { agentNames, chooseDefinition, getActivity } from './definitions.ts'
import {
  clearDocuments,
  deleteDocument,
  documentKeysOf,
  getDocument,
  listDocuments,
  putDocument,
  rekeyDocuments,
} from './documents.ts'
import { purgeStatements, rewriteStatements } from './erase.ts'
import { feedEnd, readFeed } from './feed.ts'
import { queryStatements, queryTexts } from './query-statements.ts'
import { countDocs, findDocs, getDoc, getDocs, scanDocs } from './read-collections.ts'
import { countStatements, getStatement, getStatementText, relations } from './read-statements.ts'
import { addPostings, beginSegment, computePostings, endSegment, nextToSeal, renewPostings } from './seal.ts'
import { batchDocs, declareCollection, sweepExpired } from './write-collections.ts'
import { writeSpooled } from './write-spooled.ts'
import { writeStatements } from './write-statements.ts'

/** What the writer's thread can do, each in a savepoint of its own. */
export const WRITES = {
  'statements.write': writeStatements,
  'statements.writeSpooled': writeSpooled,
  'statements.rewrite': rewriteStatements,
  'statements.purge': purgeStatements,
  'postings.begin': beginSegment,
  'postings.add': addPostings,
  'postings.end': endSegment,
  'postings.renew': renewPostings,
  'documents.put': putDocument,
  'documents.delete': deleteDocument,
  'documents.clear': clearDocuments,
  'documents.rekey': rekeyDocuments,
  'activities.choose': chooseDefinition,
  'blobs.adopt': adoptBlob,
  'blobs.hold': holdBlobs,
  'blobs.collect': collectBlobs,
  'collections.batch': batchDocs,
  'collections.declare': declareCollection,
  'collections.sweep': sweepExpired,
  'check.mend': mend,
  'holdings.take': takePortion,
  'holdings.setMark': setMark,
  'holdings.clearMark': clearMark,
}

/** What the readers' threads can do, each in one read transaction. */
export const READS = {
  'statements.get': getStatement,
  'statements.getText': getStatementText,
  'statements.query': queryStatements,
  'statements.queryTexts': queryTexts,
  'statements.relations': relations,
  'statements.count': countStatements,
  'postings.next': nextToSeal,
  'postings.compute': computePostings,
  'documents.get': getDocument,
  'documents.list': listDocuments,
  'documents.keys-of': documentKeysOf,
  'activities.get': getActivity,
  'agents.names': agentNames,
  'blobs.size': blobSize,
  'blobs.bytes': blobBytes,
  'feed.read': readFeed,
  'feed.end': feedEnd,
  'collections.get': getDoc,
  'collections.getMany': getDocs,
  'collections.scan': scanDocs,
  'collections.find': findDocs,
  'collections.count': countDocs,
  'log.move': moveLog,
  'check.look': check,
  'check.extent': extent,
  'check.inspect': inspectStatements,
  'holdings.mark': readMark,
  'holdings.isEmpty': isEmpty,
}

export type WriteName = keyof typeof WRITES
export type ReadName = keyof typeof READS
type Args<F> = F extends (context: never, ...args: infer A) => unknown ? A : never
export type WriteArgs<N extends WriteName> = Args<(typeof WRITES)[N]>
export type WriteResult<N extends WriteName> = ReturnType<(typeof WRITES)[N]>
export type ReadArgs<N extends ReadName> = Args<(typeof READS)[N]>
export type ReadResult<N extends ReadName> = ReturnType<(typeof READS)[N]>

/** The one place where a name and its arguments meet untyped: they were typed where the call was made. */
export type AnyWrite = (context: WriteContext, ...args: unknown[]) => unknown
export type AnyRead = (context: ReadContext, ...args: unknown[]) => unknown

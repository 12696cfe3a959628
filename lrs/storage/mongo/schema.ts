import type { Binary, Collection, Db, GridFSChunk, GridFSFile, IndexDescription, ObjectId } from 'mongodb'
import type { Position, SourceId } from '../port.ts'

/** The order of a tenant: gate.ts. `_id` is the tenant. */
export interface GateDocument {
  _id: string
  /** The last position that was given out. */
  position: Position
  /** The last time that was given out or told as a watermark, ms. */
  last: number
  /** Of all closed tickets. */
  statements: number
  /** Some statement refers to another. */
  references?: true
  open: OpenTicket[]
}
export interface OpenTicket {
  first: Position
  count: number
  stored: number
  /** Of the session that its transaction runs in, so that others can end it. */
  session: Binary
  /** When its holder last showed itself, by the server's clock. */
  at: Date
}

/** One commit; `_id` at its first position. Written in its transaction, or before it by who shuts it out. */
export interface MomentDocument {
  _id: string
  tenant: string
  stored: number
  last: Position
  /** How many statements there are more. */
  fresh: number
  references?: true
  /** It was shut out: nothing of it was kept, nor ever will be. */
  shut?: true
}

/**
 * What must be known of a statement's id in one place, whatever shard its statement is on: that it is taken, and by what.
 * Without `at` the statement is not there (yet), and others refer to it.
 */
export interface IdDocument {
  _id: string
  at?: Position
  /** The shard key of its statement. */
  actor?: string
  fingerprint?: string
  source?: SourceId
  voiding?: true
  voided?: true
  refersTo?: string
  /** Others refer to it. */
  target?: true
  /** Changed by each voiding statement that waits for it, so that both cannot pass each other. */
  waiting?: number
}

/** `_id` at its position. */
export interface StatementDocument {
  _id: string
  id: string
  stored: number
  source: SourceId
  /** The key of its actor, or its own id when it has none: statements of one are kept together. */
  actor: string
  fingerprint: string
  text: string
  voided: boolean
  voiding?: true
  /** Of a voiding statement: those of other sources too. */
  foreign?: true
  /** `_id` in `id` of what it refers to. */
  refersTo?: string
  /** The same as its own `_id`, where it refers to another: to go through these in order. */
  referrer?: string
  /** Others refer to it. */
  target?: true
  attachments?: string[]
  /** `_id` in `blob`. */
  blobs?: string[]
  keys: string[]
  names?: { agent: string; name: string }[]
  /** terms.ts */
  terms: number[]
}

/** What the feed was told beside new statements; `_id` at its position. */
export interface EventDocument {
  _id: string
  kind: 'voided' | 'rewritten' | 'purged'
  id?: string
  ids?: string[]
  reason?: string
}

/** Key: activity and source. */
export interface DefinitionDocument {
  _id: string
  source: SourceId
  text: string
  /** In the order of first sight. */
  first: Position
}
/** Key: activity. */
export interface ChoiceDocument {
  _id: string
  source: SourceId
}
/** Key: agent, source and name. */
export interface NameDocument {
  _id: string
}

/** Key: every part of a document's key, as JSON text (documents.ts). */
export interface StateDocument {
  _id: string
  /** The tenant and the agent's key, where it has one. */
  agent?: string
  contentType: string
  etag: string
  updated: number
  content: Binary
}

/** Key: SHA-256. */
export interface BlobDocument {
  _id: string
  /** In GridFS. */
  file: ObjectId
  size: number
  /** ms */
  touched: number
}
/**
 * A file in GridFS that no blob names: one that is being uploaded, or is to be removed. Key: its id, in hex. Every file
 * is named by a blob or by one of these, and never by both.
 */
export interface LooseDocument {
  _id: string
  file: ObjectId
  /** When its upload began, ms; 0: it is being removed. */
  since: number
}
/** Key: owner. */
export interface HoldDocument {
  _id: string
  /** `_id` in `blob`. */
  blobs: string[]
}

/** Key: collection and key of a document of `collections` (doc-names.ts). */
export interface DocDocument {
  _id: string
  /** Random, and so never used again. */
  revision: number
  /** As JSON text: nothing of it is looked into here. */
  value: string
  expires?: Date
  /** Which entries there are of it (entries.ts); absent when there are none. */
  entries?: string
  /** Random; changed by who relies on the document as it is, so that nobody changes it meanwhile. */
  touched?: number
}
/** Key: collection, number of the index, tuple (tuple.ts, a byte a character) and key of the document. */
export interface EntryDocument {
  _id: string
  key: string
  expires?: Date
  /** The document has others in this index. */
  several?: true
}
/** What is declared of a collection; there before its first document. Key: collection. */
export interface DeclarationDocument {
  _id: string
  /** Changes with each change of it. */
  version: number
  /** The last number that was given to an index. */
  last: number
  indexes: IndexState[]
}
export interface IndexState {
  /** What its entries are named by: one for each name with its fields. */
  no: number
  name: string
  fields: string[]
  /**
   * filling: documents that were there before have no entries yet; filled: they have, but a process that did not know of
   * the index may have written since; settled; gone: nobody keeps it, and its entries are to be removed.
   */
  stage: 'filling' | 'filled' | 'settled' | 'gone'
  /** When the work that leads to the next stage may begin, or be taken over, by the server's clock. */
  due: Date
  /** How far that work has come: `_id` of a document. */
  after?: string
  /** When it is gone: another of this name was declared since. */
  until?: Date
}

/** What is written here, and how: format.ts. */
export interface FormatDocument {
  _id: string
  number: number
}

/** What is taken in from another store, and how far that is; there until all of it is. */
export interface TakingDocument {
  _id: string
  origin: string
  mark: string | null
}

export interface Schema {
  format: Collection<FormatDocument>
  taking: Collection<TakingDocument>
  gate: Collection<GateDocument>
  moment: Collection<MomentDocument>
  id: Collection<IdDocument>
  statement: Collection<StatementDocument>
  event: Collection<EventDocument>
  definition: Collection<DefinitionDocument>
  choice: Collection<ChoiceDocument>
  name: Collection<NameDocument>
  document: Collection<StateDocument>
  blob: Collection<BlobDocument>
  loose: Collection<LooseDocument>
  'content.files': Collection<GridFSFile>
  'content.chunks': Collection<GridFSChunk>
  hold: Collection<HoldDocument>
  doc: Collection<DocDocument>
  entry: Collection<EntryDocument>
  declaration: Collection<DeclarationDocument>
}

/** The indexes of each collection beside that of `_id`, and what each is for. */
export const INDEXES: Readonly<Record<keyof Schema, readonly (IndexDescription & { name: string })[]>> = {
  format: [],
  taking: [],
  gate: [],
  // Which positions a time covers.
  moment: [{ name: 'by-time', key: { tenant: 1, stored: 1 } }],
  id: [],
  statement: [
    // A page by one filter, or by two, which are a term of their own; from the latest and from the first.
    { name: 'by-term', key: { terms: 1, _id: 1 } },
    // The same of those that others refer to: their referrers match by them.
    {
      name: 'targets-by-term',
      key: { terms: 1, target: 1, _id: 1 },
      partialFilterExpression: { target: true },
    },
    // Referrers of one statement, in order.
    {
      name: 'by-target',
      key: { refersTo: 1, _id: 1 },
      partialFilterExpression: { refersTo: { $exists: true } },
    },
    // Those of them that others refer to in turn.
    {
      name: 'chains',
      key: { refersTo: 1, target: 1 },
      partialFilterExpression: { target: true, refersTo: { $exists: true } },
    },
    // All referrers in order.
    { name: 'referrers', key: { referrer: 1 }, partialFilterExpression: { referrer: { $exists: true } } },
    // Whether a blob is still an attachment of something.
    { name: 'by-blob', key: { blobs: 1 }, partialFilterExpression: { blobs: { $exists: true } } },
  ],
  event: [],
  definition: [],
  choice: [],
  name: [],
  // All documents of an agent, to give them to another.
  document: [{ name: 'by-agent', key: { agent: 1 }, partialFilterExpression: { agent: { $exists: true } } }],
  blob: [],
  loose: [],
  // As the GridFS specification has them.
  'content.files': [{ name: 'filename_1_uploadDate_1', key: { filename: 1, uploadDate: 1 } }],
  'content.chunks': [{ name: 'files_id_1_n_1', key: { files_id: 1, n: 1 }, unique: true }],
  // Whether anybody holds a blob.
  hold: [{ name: 'by-blob', key: { blobs: 1 } }],
  // What may be removed, and is not counted any more.
  doc: [{ name: 'expiry', key: { expires: 1 }, expireAfterSeconds: 0, sparse: true }],
  entry: [{ name: 'expiry', key: { expires: 1 }, expireAfterSeconds: 0, sparse: true }],
  declaration: [],
}

export function schemaOf(db: Db): Schema {
  const names = Object.keys(INDEXES) as (keyof Schema)[]
  return Object.fromEntries(names.map((name) => [name, db.collection(name)])) as unknown as Schema
}

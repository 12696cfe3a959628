import type {
  DocumentKey,
  FeedEntry,
  Position,
  SourceId,
  StoredDocument,
  StoredStatement,
  TenantId,
} from './port.ts'

/**
 * What a store keeps, in words that every store understands: to go from one store to another, and to lie in files.
 * Positions, times, texts, fingerprints, sources and revisions stay what they are, so that cursors of the feed, `more`
 * links and ETags stay good.
 */
export interface Holdings {
  /** Of each tenant, in the order of `portions`; the system's own comes last. */
  readonly extents: readonly Extent[]
  /**
   * All of it in one order: tenant by tenant, and of each PARTS one after another. Goes on behind `from`, a portion's
   * `place` of these or earlier holdings of the same store.
   */
  portions(from: Place | null): AsyncIterable<Portion>
  /** The bytes of a blob; null when they are not there, though the store names them. */
  content(tenant: TenantId, sha2: string): Promise<AsyncIterable<Uint8Array> | null>
  close(): Promise<void>
}

/** How much there is, for a progress line and to compare. */
export interface Extent extends HeldCounters {
  /** null: the system's own. */
  tenant: TenantId | null
  items: Readonly<Record<Part, number>>
  /** Bytes of all blobs. */
  blobBytes: number
}

/** Blobs come before what names them, and indexes before what they order. */
export const PARTS = [
  'blobs',
  'holds',
  'record',
  'activities',
  'documents',
  'indexes',
  'docs',
  'counters',
] as const
export type Part = keyof HeldParts
/** What the system's own has of them. */
export const SYSTEM_PARTS: readonly Part[] = ['indexes', 'docs', 'counters']
export const partsOf = (tenant: TenantId | null): readonly Part[] => (tenant === null ? SYSTEM_PARTS : PARTS)

export interface HeldParts {
  blobs: HeldBlob
  holds: HeldHold
  record: HeldEntry
  activities: HeldActivity
  documents: HeldDocument
  indexes: HeldIndexes
  docs: HeldDoc
  counters: HeldCounters
}

export interface HeldBlob {
  sha2: string
  size: number
}
export interface HeldHold {
  owner: string
  /** Sorted. */
  sha2s: string[]
}

/** In the order of positions. */
export type HeldEntry = HeldStatement | HeldEvent | HeldMoment
export interface HeldStatement extends Omit<StoredStatement, 'attachments'> {
  kind: 'statement'
  attachments: string[]
  /** Of a voiding statement: it voids those of other sources too. */
  mayVoidForeign: boolean
  /** Another statement refers to it, or did. */
  isTarget: boolean
  /** The keys of its own content, sorted. */
  keys: string[]
  /** Sorted. */
  names: { agent: string; name: string }[]
}
export type HeldEvent = Exclude<FeedEntry, { kind: 'stored' }>
/** One commit: what is behind the moment before, up to `last`, was stored at this time. */
export interface HeldMoment {
  kind: 'moment'
  stored: number
  last: Position
}

export interface HeldActivity {
  activity: string
  /** In the order in which the sources first defined it. */
  definitions: { source: SourceId; text: string }[]
  chosen: SourceId | null
}

export interface HeldDocument extends StoredDocument {
  key: DocumentKey
}

/** What a collection's documents are found by. */
export interface HeldIndexes {
  collection: string
  indexes: Record<string, string[]>
}
/** A document of `collections`. */
export interface HeldDoc {
  collection: string
  key: string
  revision: number
  expires: number | null
  /** The value as JSON text. */
  text: string
}

export interface HeldCounters {
  /** The last position that was given out. */
  position: Position
  /** The last time that was given out or told as a watermark, ms. */
  stored: number
  statements: number
  /** How many positions nothing was ever given. */
  unused: number
}

/** Where a portion ends; for the store that told it. */
export type Place = string

/** As much as is taken over at once. */
export type Portion = { [P in Part]: PortionOf<P> }[Part]
export interface PortionOf<P extends Part> {
  tenant: TenantId | null
  part: P
  items: HeldParts[P][]
  place: Place
}

/** A store that becomes what another one is, portion by portion, in the order of `Holdings.portions`. */
export interface Taking {
  /** What the last `take` was given; null when nothing was taken yet. */
  readonly mark: string | null
  /** Durable when it resolves. A portion that was taken before, in part or whole, changes nothing. Blobs are put beside. */
  take(portion: Portion, mark: string): Promise<void>
  /** All of it is there: the store is one like any other from now on. */
  finish(): Promise<void>
}

export type TakeInOutcome =
  | { ok: true; taking: Taking }
  /** It keeps something of its own, or takes in something else. */
  | { ok: false; refusal: 'not-empty' | 'other-origin' }

/** Why a store that takes in cannot be used otherwise: to be told by `Storage.migrate`. */
export const CUT_OFF =
  'something is being moved into this store, or that was cut off; give the same suotdoi command once more, and it goes on'

/** Some of one part behind `after` (null: from its beginning); `next` is null at its end. */
export type ReadPage = <P extends Part>(
  tenant: TenantId | null,
  part: P,
  after: unknown,
) => Promise<{ items: HeldParts[P][]; next: unknown }>

/** The portions of a store that tells pages of each part. */
export async function* portionsOf(
  tenants: readonly (TenantId | null)[],
  read: ReadPage,
  from: Place | null,
): AsyncGenerator<Portion> {
  let behind =
    from === null ? null : (JSON.parse(from) as { tenant: TenantId | null; part: Part; next: unknown })
  for (const tenant of tenants) {
    for (const part of partsOf(tenant)) {
      let after: unknown = null
      if (behind) {
        if (behind.tenant !== tenant || behind.part !== part) continue
        after = behind.next
        behind = null
        if (after === null) continue
      }
      do {
        const { items, next } = await read(tenant, part, after)
        after = next
        if (items.length > 0)
          yield { tenant, part, items, place: JSON.stringify({ tenant, part, next }) } as Portion
      } while (after !== null)
    }
  }
}

/** In the order in which every store tells tenants. */
export const sortedTenants = (tenants: readonly TenantId[]): (TenantId | null)[] => [
  ...tenants.toSorted(),
  null,
]

import { describeUnless } from '../support/left-out.ts'
import { blobsContract } from './areas/blobs.ts'
import { collectionFindsContract } from './areas/collection-finds.ts'
import { collectionsContract } from './areas/collections.ts'
import { documentsContract } from './areas/documents.ts'
import { durabilityContract } from './areas/durability.ts'
import { erasureContract } from './areas/erasure.ts'
import { feedContract } from './areas/feed.ts'
import { figuresContract } from './areas/figures.ts'
import { holdingsContract } from './areas/holdings.ts'
import { orderContract } from './areas/order.ts'
import { referencesContract } from './areas/references.ts'
import { statementsContract } from './areas/statements.ts'
import { streamedWritesContract } from './areas/streamed-writes.ts'
import { upkeepContract } from './areas/upkeep.ts'
import { voidingContract } from './areas/voiding.ts'
import type { Adapter } from './subject.ts'

const AREAS = [
  statementsContract,
  streamedWritesContract,
  voidingContract,
  referencesContract,
  orderContract,
  feedContract,
  erasureContract,
  documentsContract,
  collectionsContract,
  collectionFindsContract,
  blobsContract,
  durabilityContract,
  figuresContract,
  upkeepContract,
  holdingsContract,
]

/**
 * Everything that lrs/storage/port.ts promises, as tests. Called once per adapter, without a branch on which one it is.
 * An adapter that cannot run here is named with what it lacks; where REQUIRE_ALL_ADAPTERS is set, that is a failure.
 */
export function storageContract(adapter: Adapter): void {
  const title = `the storage contract on ${adapter.name}`
  describeUnless(adapter.lacks(), title, { timeout: 240_000 }, () => {
    for (const area of AREAS) area(adapter)
  })
}

import type { Doc, Operation } from '../../lrs/index.ts'
import { DISPUTES, type DisputeDocument, OPEN_DISPUTES } from './documents.ts'
import type { Dispute } from './types.ts'

export function disputeOf(key: string, value: DisputeDocument): Dispute {
  const { open: _, waits: __, pending: ___, waiting: ____, ...dispute } = value
  return { id: key, ...dispute }
}

/** Closes a dispute, as it was read in `doc`: the next one about its line may be made. */
export function closing(
  doc: Doc<DisputeDocument>,
  value: DisputeDocument,
  { state, answer }: Pick<Dispute, 'state' | 'answer'>,
): Operation[] {
  const closed: DisputeDocument = {
    ...value,
    state,
    answer,
    open: false,
    waits: state === 'withdrawn' ? null : 'person',
  }
  return [
    { op: 'replace', collection: DISPUTES, key: doc.key, revision: doc.revision, value: closed },
    { op: 'delete', collection: OPEN_DISPUTES, key: value.line },
  ]
}

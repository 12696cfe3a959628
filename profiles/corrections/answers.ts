import {
  type Caller,
  type Collections,
  type Doc,
  type Lrs,
  type Problem,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { resumeWaiting } from '../self-told/resume-waiting.ts'
import { voidOf } from '../self-told/statements.ts'
import type { Accounts, PersonId } from '../types.ts'
import { DISPUTES, type DisputeDocument } from './documents.ts'
import { ANSWERED, NOT_OURS, OUTCOME_MISSING, OWN, UNKNOWN } from './problems.ts'
import { closing, disputeOf } from './steps.ts'
import type { Dispute, Disputes } from './types.ts'
import { cleaned, problemsOfWords } from './words.ts'

export interface AnswersDeps {
  collections: Collections
  accounts: Pick<Accounts, 'get'>
  lrs: Pick<Lrs, 'recordStatements'>
  /** Speaks as a source that the product itself writes for; null for any other. */
  callerOf(source: string): Promise<Caller | null>
  audit: Audit
  now: () => number
}

/** Most merges between a person and whose record theirs is a part of. */
const MOST_MERGES = 20

/** What those do who answer. Each change is one batch, so that of two at once the second learns of the first. */
export function createAnswers({
  collections,
  accounts,
  lrs,
  callerOf,
  audit,
  now,
}: AnswersDeps): Pick<Disputes, 'answer' | 'passOn' | 'writesFor' | 'resume'> {
  /** Whose record this person's is a part of now. */
  async function holderOf(id: PersonId): Promise<PersonId> {
    let holder = id
    for (let steps = 0; steps < MOST_MERGES; steps++) {
      const into = (await accounts.get(holder))?.mergedInto
      if (into === undefined) return holder
      holder = into
    }
    return holder
  }
  /** The dispute, where this person may answer it. */
  async function open(id: string, by: PersonId): Promise<Doc<DisputeDocument> | Refusal> {
    const doc = await collections.get(DISPUTES, id)
    if (!doc) return refuse(UNKNOWN)
    if (!doc.value.open) return refuse(ANSWERED)
    const isOwn = (await holderOf(doc.value.person)) === (await holderOf(by))
    return isOwn ? refuse(OWN) : doc
  }

  /** Voids what is pending, as often as it takes. */
  async function deliver(id: string): Promise<void> {
    for (;;) {
      const doc = await collections.get(DISPUTES, id)
      if (!doc || doc.value.waiting === null) return
      const caller = await callerOf(doc.value.source)
      if (!caller) throw new Error(`The product does not write for ${doc.value.source} any more.`)
      const statements = doc.value.pending
      const told = await lrs.recordStatements(caller, { version: '2.0.0', statements })
      if (!told.ok) throw new Error(`Voiding was refused: ${JSON.stringify(told.problems)}`)
      const value = { ...doc.value, pending: [], waiting: null }
      if (await collections.replace(DISPUTES, id, value, doc.revision)) return
    }
  }

  return {
    writesFor: async (source) => (await callerOf(source)) !== null,

    async answer(id, { by, outcome, words: given, voids }) {
      for (;;) {
        const doc = await open(id, by)
        if ('ok' in doc) return doc
        const state = OUTCOMES.find((each) => each === outcome)
        const caller = voids ? await callerOf(doc.value.source) : null
        const [first, ...others] = [
          ...(state ? [] : [OUTCOME_MISSING]),
          ...(voids && !caller ? [NOT_OURS] : []),
          // That something stays as it is, is explained.
          ...problemsOfWords(given, { required: state === 'not-corrected' }),
        ]
        if (first || !state) return refuse(first ?? OUTCOME_MISSING, ...others)
        const at = now()
        const words = cleaned(given)
        const standing = doc.value.told.statements.filter((each) => !doc.value.gone.includes(each))
        const pending = caller ? standing.map((each) => voidOf(caller.authority, each, at)) : []
        const value: DisputeDocument = {
          ...doc.value,
          history: [...doc.value.history, { at, what: state, by, words }],
          ...(pending.length > 0 && { pending, waiting: at }),
        }
        const closed = closing(doc, value, { state, answer: { at, by, words } })
        const { source, person } = doc.value
        const detail = { outcome: state, voided: pending.length }
        const done = await collections.batch([
          ...closed,
          audit({ action: 'dispute-answer', actor: by, source, subjects: [person], detail }),
        ])
        if (!done.ok) continue
        await deliver(id)
        return found(id)
      }
    },

    async passOn(id, { by, organisation, words: given }) {
      for (;;) {
        const doc = await open(id, by)
        if ('ok' in doc) return doc
        const [first, ...others]: Problem[] = problemsOfWords(given, { required: false })
        if (first) return refuse(first, ...others)
        const step = { at: now(), what: 'passed-on' as const, by, words: cleaned(given), organisation }
        const value = { ...doc.value, organisation, history: [...doc.value.history, step] }
        const { source, person } = doc.value
        const detail = { outcome: 'passed-on', organisation }
        const done = await collections.batch([
          { op: 'replace', collection: DISPUTES, key: id, revision: doc.revision, value },
          audit({ action: 'dispute-answer', actor: by, source, subjects: [person], detail }),
        ])
        if (done.ok) return disputeOf(id, value)
      }
    },

    async resume() {
      return resumeWaiting(collections, DISPUTES, ([id]) => deliver(id!))
    },
  }

  async function found(id: string): Promise<Dispute> {
    const doc = await collections.get(DISPUTES, id)
    if (!doc) throw new Error(`The dispute ${id} is gone.`)
    return disputeOf(id, doc.value)
  }
}

const OUTCOMES = ['corrected', 'not-corrected'] as const

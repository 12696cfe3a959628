import {
  type Caller,
  type Collections,
  type Doc,
  type Lrs,
  type Problem,
  type Refusal,
  refuse,
  type StatementStore,
} from '../../lrs/index.ts'
import { agreed } from '../consents/agreed.ts'
import type { Audit } from '../create-profiles.ts'
import { holderOf } from '../merges/holder.ts'
import type { OrganisationId } from '../organisations/types.ts'
import { resumeWaiting } from '../self-told/resume-waiting.ts'
import { voidOf } from '../self-told/statements.ts'
import type { Accounts, PersonId } from '../types.ts'
import { DISPUTES, type DisputeDocument } from './documents.ts'
import { ANSWERED, NOT_OURS, OUTCOME_MISSING, OWN, SILENT, UNKNOWN } from './problems.ts'
import { linesOf, standingOf } from './statements-of.ts'
import { closing, disputeOf } from './steps.ts'
import type { Dispute, Disputes, Queue } from './types.ts'
import { cleaned, problemsOfWords } from './words.ts'

export interface AnswersDeps {
  collections: Collections
  statements: Pick<StatementStore, 'get'>
  accounts: Pick<Accounts, 'get'>
  lrs: Pick<Lrs, 'recordStatements'>
  /**
   * Speaks as a source that the product itself writes for, in the name of `organisation` where it is one's; null for any
   * other source.
   */
  callerOf(source: string): Promise<OwnVoice | null>
  audit: Audit
  now: () => number
}

export interface OwnVoice {
  caller: Caller
  organisation: OrganisationId | null
}

/** Statements that are voided by one answer, and in one step of it. */
const MOST_VOIDED = 4_000
const VOIDED_AT_ONCE = 200

/** Whether it waits there. */
export const isIn = (queue: Queue, { source, organisation }: Pick<Dispute, 'source' | 'organisation'>) =>
  'source' in queue ? source === queue.source : organisation === queue.organisation

/** What those do who answer. Each change is one batch, so that of two at once the second learns of the first. */
export function createAnswers({
  collections,
  statements,
  accounts,
  lrs,
  callerOf,
  audit,
  now,
}: AnswersDeps): Pick<Disputes, 'isSilent' | 'voider' | 'answer' | 'passOn' | 'resume'> {
  /** The dispute, where this person may answer it in this queue: as of the revision that the answer is written on. */
  async function open(
    id: string,
    { queue, by }: { queue: Queue; by: PersonId },
  ): Promise<Doc<DisputeDocument> | Refusal> {
    const doc = await collections.get(DISPUTES, id)
    if (!doc || !isIn(queue, doc.value)) return refuse(UNKNOWN)
    if (!doc.value.open) return refuse(ANSWERED)
    const [holder, answering] = await Promise.all([
      holderOf(accounts, doc.value.person),
      holderOf(accounts, by),
    ])
    if ((holder?.id ?? doc.value.person) === (answering?.id ?? by)) return refuse(OWN)
    return agreed(holder) ? doc : refuse(SILENT)
  }

  /** Who may speak as the source there. What one organisation told is not another's to take back. */
  async function voiceAt(queue: Queue, source: string): Promise<Caller | 'elsewhere' | 'source'> {
    const voice = await callerOf(source)
    if (!voice) return 'source'
    const { caller, organisation } = voice
    const isTheirs = organisation === null || 'source' in queue || queue.organisation === organisation
    return isTheirs ? caller : 'elsewhere'
  }

  /** All that the source told and that stands: also what came after it was disputed. */
  async function standingUnder({ line, source, told, gone }: DisputeDocument): Promise<string[]> {
    const named = told.statements.filter((each) => !gone.includes(each))
    const lines = [...new Set([line, ...(await linesOf(collections, named))])]
    return standingOf(collections, statements, { lines, source, named, most: MOST_VOIDED })
  }

  /** Voids what is pending, as often as it takes. */
  async function deliver(id: string): Promise<void> {
    for (;;) {
      const doc = await collections.get(DISPUTES, id)
      if (!doc || doc.value.waiting === null) return
      const voice = await callerOf(doc.value.source)
      if (!voice) throw new Error(`The product does not write for ${doc.value.source} any more.`)
      for (let from = 0; from < doc.value.pending.length; from += VOIDED_AT_ONCE) {
        const some = doc.value.pending.slice(from, from + VOIDED_AT_ONCE)
        const told = await lrs.recordStatements(voice.caller, { version: '2.0.0', statements: some })
        if (!told.ok) throw new Error(`Voiding was refused: ${JSON.stringify(told.problems)}`)
      }
      const value = { ...doc.value, pending: [], waiting: null }
      if (await collections.replace(DISPUTES, id, value, doc.revision)) return
    }
  }

  return {
    isSilent: async ({ person }) => !agreed(await holderOf(accounts, person)),

    async voider(queue, { source }) {
      const voice = await voiceAt(queue, source)
      return typeof voice === 'string' ? voice : 'here'
    },

    async answer(id, { queue, by, outcome, words: given, voids }) {
      for (;;) {
        const doc = await open(id, { queue, by })
        if ('ok' in doc) return doc
        const state = OUTCOMES.find((each) => each === outcome)
        const voice = voids ? await voiceAt(queue, doc.value.source) : 'source'
        const caller = typeof voice === 'string' ? null : voice
        const [first, ...others] = [
          ...(state ? [] : [OUTCOME_MISSING]),
          ...(voids && !caller ? [NOT_OURS] : []),
          // That something stays as it is, is explained.
          ...problemsOfWords(given, { required: state === 'not-corrected' }),
        ]
        if (first || !state) return refuse(first ?? OUTCOME_MISSING, ...others)
        const at = now()
        const words = cleaned(given)
        const standing = caller ? await standingUnder(doc.value) : []
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

    async passOn(id, { queue, by, organisation, words: given }) {
      for (;;) {
        const doc = await open(id, { queue, by })
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

import { randomUUID } from 'node:crypto'
import {
  type Collections,
  type Doc,
  findPage,
  type Problem,
  refuse,
  type StatementStore,
} from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { familyOf, findOfFamily } from '../merges/family-of.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId, RecordLine, Transcript } from '../types.ts'
import { type AnswersDeps, createAnswers } from './answers.ts'
import { noteGone } from './consumer.ts'
import { DISPUTES, type DisputeDocument, OPEN_DISPUTES } from './documents.ts'
import { type MarkedLine, namesOver } from './names.ts'
import { ANSWERED, KIND_MISSING, LINE_UNKNOWN, OPEN, OWN_ENTRY, TELLER_MISSING } from './problems.ts'
import { readMany } from './read-many.ts'
import { standingOf } from './statements-of.ts'
import { closing, disputeOf } from './steps.ts'
import { DISPUTE_KINDS, type Dispute, type DisputeInput, type Disputes, type Queue } from './types.ts'
import { cleaned, problemsOfWords } from './words.ts'

export interface DisputesDeps extends AnswersDeps {
  collections: Collections
  statements: Pick<StatementStore, 'get'>
  transcript: Pick<Transcript, 'line'>
  /** Whether what this source tells is people's own word, which they change themselves. */
  isOwnWord(source: string): Promise<boolean>
  /** Whose officers answer what is about this source. */
  organisationOf(source: string): Promise<OrganisationId | null>
  audit: Audit
  now: () => number
}

/** One source's word of a thing. */
interface Telling {
  line: string
  source: string
  statements: readonly string[]
}

/** Open disputes that are counted at once. */
const AT_ONCE = 200
/** New answers that are told at once. */
const NEWS = 5

/**
 * What citizens say is wrong on their record. A dispute changes nothing of the record: the source does, by voiding, and the
 * record follows. What was disputed is kept as it stood, with every step until the answer.
 */
export function createDisputes(deps: DisputesDeps): Disputes {
  const { collections, statements, transcript, audit, now } = deps
  const answers = createAnswers(deps)

  async function own(person: PersonId, id: string): Promise<Doc<DisputeDocument> | null> {
    const doc = await collections.get(DISPUTES, id)
    return doc && (await familyOf(collections, person)).includes(doc.value.person) ? doc : null
  }
  /** Each source that told of it, with the line that is its word alone. */
  async function tellersOf(line: RecordLine): Promise<Telling[]> {
    const all: Telling[] = line.tellers ?? [{ ...line, line: line.id }]
    const own = await Promise.all(all.map(({ source }) => deps.isOwnWord(source)))
    return all.filter((_, at) => !own[at])
  }
  /** What the source told, all of it: a line names its newest statements alone. */
  const toldBy = ({ line, source, statements: named }: Telling) =>
    standingOf(collections, statements, { lines: [line], source, named })
  /** A statement that was voided between the reading and the writing is noted by nobody else. */
  async function lookAgain(id: string): Promise<Dispute> {
    for (;;) {
      const doc = await collections.get(DISPUTES, id)
      if (!doc) throw new Error(`The dispute ${id} is gone.`)
      const found = await Promise.all(doc.value.told.statements.map((each) => statements.get(each)))
      const gone = doc.value.told.statements.filter((_, at) => found[at]?.voided !== false)
      const operations = await noteGone({ collections, statements }, gone, now())
      if (operations.length === 0 || (await collections.batch(operations)).ok)
        return disputeOf(id, (await collections.get(DISPUTES, id))?.value ?? doc.value)
    }
  }

  /** Without those of people who do not agree to a record (any more). */
  async function spokenAmong(docs: readonly Doc<DisputeDocument>[]) {
    const persons = [...new Set(docs.map(({ value }) => value.person))]
    const silent = await Promise.all(persons.map((person) => answers.isSilent({ person })))
    return docs.filter(({ value }) => !silent[persons.indexOf(value.person)])
  }

  return {
    against: async (line) =>
      (await tellersOf(line)).map(({ line: told, source }) => ({ line: told, source })),

    async make(person, lineId, input) {
      const line = await transcript.line(person, lineId)
      if (!line) return refuse(LINE_UNKNOWN)
      const tellers = await tellersOf(line)
      if (tellers.length === 0) return refuse(OWN_ENTRY)
      const teller = tellers.length === 1 ? tellers[0] : tellers.find((each) => each.line === input.teller)
      const [first, ...others] = [...(teller ? [] : [TELLER_MISSING]), ...problemsOf(input)]
      if (first || !teller) return refuse(first ?? TELLER_MISSING, ...others)
      const { source } = teller
      const { tellers: _, ...alone } = { ...line, id: teller.line }
      // Also said by who they were before they were found to be this person.
      if ((await disputedAmong(collections, [alone])).size > 0) return refuse(OPEN)
      const [told, organisation] = await Promise.all([toldBy(teller), deps.organisationOf(source)])
      if (told.length === 0) return refuse(LINE_UNKNOWN)
      const id = randomUUID()
      const made = now()
      const words = cleaned(input.words)
      const value: DisputeDocument = {
        line: teller.line,
        person,
        source,
        kind: input.kind as Dispute['kind'],
        asksVoid: input.asksVoid,
        words,
        made,
        told: { name: line.activity.name, activity: line.activity.id, at: line.at, statements: told },
        gone: [],
        state: 'open',
        organisation,
        answer: null,
        history: [{ at: made, what: 'made', by: person, words }],
        open: true,
        waits: 'answer',
        pending: [],
        waiting: null,
      }
      const outcome = await collections.batch([
        { op: 'insert', collection: OPEN_DISPUTES, key: teller.line, value: { dispute: id, made } },
        { op: 'insert', collection: DISPUTES, key: id, value },
        audit({ action: 'dispute-make', actor: person, source, subjects: [person] }),
      ])
      return outcome.ok ? lookAgain(id) : refuse(OPEN)
    },

    async of(person, { after, limit }) {
      return paged(await findOfFamily(collections, DISPUTES, person, { after, limit }))
    },

    async get(person, id) {
      const doc = await own(person, id)
      return doc && disputeOf(id, doc.value)
    },

    async ofLine(person, line) {
      const names = (await namesOver(collections, [line])).get(line.id)?.all ?? []
      const family = await familyOf(collections, person)
      const found = await Promise.all(
        names.map((name) =>
          collections.find(DISPUTES, {
            index: 'line',
            equals: { line: name },
            descending: true,
            limit: 1,
          }),
        ),
      )
      const [doc] = found
        .flatMap(({ docs }) => docs)
        .filter(({ value }) => family.includes(value.person))
        .sort((a, b) => b.value.made - a.value.made)
      return doc ? disputeOf(doc.key, doc.value) : null
    },

    among: (lines) => disputedAmong(collections, lines),

    async news(person) {
      let waiting = 0
      for (const each of await familyOf(collections, person))
        waiting += await collections.count(DISPUTES, {
          index: 'waits',
          equals: { person: each, waits: 'answer' },
        })
      const unseen = { index: 'waits', equals: { waits: 'person' }, limit: NEWS }
      return { waiting, answered: paged(await findOfFamily(collections, DISPUTES, person, unseen)).disputes }
    },

    async seen(person, id) {
      for (;;) {
        const doc = await own(person, id)
        if (doc?.value.waits !== 'person') return doc && disputeOf(id, doc.value)
        const value: DisputeDocument = { ...doc.value, waits: null }
        if (await collections.replace(DISPUTES, id, value, doc.revision)) return disputeOf(id, value)
      }
    },

    async withdraw(person, id) {
      for (;;) {
        const doc = await own(person, id)
        if (!doc) return null
        if (!doc.value.open) return refuse(ANSWERED)
        const step = { at: now(), what: 'withdrawn' as const, by: person, words: '' }
        const value = { ...doc.value, history: [...doc.value.history, step] }
        const outcome = await collections.batch([
          ...closing(doc, value, { state: 'withdrawn', answer: null }),
          audit({ action: 'dispute-withdraw', actor: person, source: value.source, subjects: [person] }),
        ])
        if (outcome.ok) return disputeOf(id, { ...value, state: 'withdrawn' })
      }
    },

    async queue(queue, { open, after, limit }) {
      const find = { ...placeOf(queue, open), descending: !open, limit }
      // A page on which all are silent would look like the end.
      for (let from = after; ; ) {
        const page = await findPage(collections, DISPUTES, { ...find, after: from })
        const spoken = await spokenAmong(page.docs)
        if (spoken.length > 0 || page.next === null) return paged({ docs: spoken, next: page.next })
        from = page.next
      }
    },

    async count(queue) {
      let count = 0
      for (let from: string | undefined; ; ) {
        const find = { ...placeOf(queue, true), limit: AT_ONCE, after: from }
        const { docs, next } = await findPage(collections, DISPUTES, find)
        count += (await spokenAmong(docs)).length
        if (next === null) return count
        from = next
      }
    },

    async find(id) {
      const doc = await collections.get(DISPUTES, id)
      return doc && disputeOf(id, doc.value)
    },

    ...answers,
  }
}

/** Which of these lines are being looked at, and since when (ms). */
export async function disputedAmong(
  collections: Collections,
  lines: readonly MarkedLine[],
): Promise<ReadonlyMap<string, number>> {
  const names = await namesOver(collections, lines)
  const found = await readMany(
    collections,
    OPEN_DISPUTES,
    [...names.values()].flatMap(({ all }) => all),
  )
  return new Map(
    [...names].flatMap(([id, { all }]) => {
      const made = all.flatMap((name) => found.get(name)?.value.made ?? [])
      return made.length > 0 ? [[id, Math.min(...made)] as const] : []
    }),
  )
}

const paged = ({ docs, next }: { docs: readonly Doc<DisputeDocument>[]; next: string | null }) => ({
  disputes: docs.map(({ key, value }) => disputeOf(key, value)),
  next,
})

const placeOf = (queue: Queue, open: boolean) => ({
  index: 'source' in queue ? 'source' : 'organisation',
  equals: { ...queue, open },
})

function problemsOf({ kind, words, asksVoid }: DisputeInput): Problem[] {
  return [
    ...(DISPUTE_KINDS.some((each) => each === kind) ? [] : [KIND_MISSING]),
    // Who asks for something to be voided, or finds nothing that fits, says why.
    ...problemsOfWords(words, { required: kind === 'other' || asksVoid }),
  ]
}

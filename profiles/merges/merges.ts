import { randomUUID } from 'node:crypto'
import { type Collections, type Doc, type Operation, type Problem, refuse } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { hasCitizenNumber, REASON_NUMBER } from '../citizen-number.ts'
import type { Audit } from '../create-profiles.ts'
import { allOf } from '../links/links.ts'
import type { Person } from '../types.ts'
import { followPerson, MERGES } from './documents.ts'
import type { createMergeJobs } from './jobs.ts'
import type { Merge, Merges } from './types.ts'

export interface MergesDeps {
  collections: Collections
  jobs: Pick<ReturnType<typeof createMergeJobs>, 'start'>
  audit: Audit
  now: () => number
}

/**
 * A merge is a pointer from one person to another; links stay whose they are and say beside it whose record they feed
 * meanwhile (`merged`). So it is undone by taking the pointer away.
 */
export function createMerges({ collections, jobs, audit, now }: MergesDeps): Merges {
  const personAt = (id: string) => collections.get(PERSONS, id)
  const replaced = (doc: Doc<Person>, value: Person): Operation => ({
    op: 'replace',
    collection: PERSONS,
    key: doc.key,
    revision: doc.revision,
    value,
  })

  return {
    async merge({ from, into, by, reason }) {
      if (from === into) return refuse(SAME)
      if (reason.trim() === '') return refuse(REASON_MISSING)
      if (hasCitizenNumber(reason)) return refuse(REASON_NUMBER)
      for (;;) {
        const [gone, kept] = await Promise.all([personAt(from), personAt(into)])
        if (!gone || !kept) return refuse(PERSON_UNKNOWN)
        if (gone.value.mergedInto !== undefined || kept.value.mergedInto !== undefined) return refuse(ALREADY)
        const { roles, memberships = [] } = gone.value
        if (roles.some((role) => role !== 'citizen') || memberships.length > 0) return refuse(ROLES)
        const merge = { from, into, at: now(), by, reason: reason.trim(), undone: null }
        const id = randomUUID()
        const outcome = await collections.batch([
          replaced(gone, { ...gone.value, mergedInto: into }),
          // Of two merges, each into the other, one comes second.
          replaced(kept, kept.value),
          { op: 'insert', collection: MERGES, key: id, value: { ...merge, open: true } },
          followPerson(from, now()),
          audit({ action: 'merge', actor: by, subjects: [from, into] }),
        ])
        if (!outcome.ok) continue
        jobs.start(from)
        return { id, ...merge }
      }
    },

    async undo({ from, by, reason }) {
      if (reason.trim() === '') return refuse(REASON_MISSING)
      if (hasCitizenNumber(reason)) return refuse(REASON_NUMBER)
      for (;;) {
        const gone = await personAt(from)
        const merges = await allOf(collections, MERGES, 'from', { from })
        const merge = merges.find(({ value }) => value.open)
        if (gone?.value.mergedInto === undefined || !merge) return refuse(MERGE_UNKNOWN)
        const { mergedInto: into, ...released } = gone.value
        const undone = { at: now(), by, reason: reason.trim() }
        const value = { ...merge.value, undone, open: false }
        const outcome = await collections.batch([
          replaced(gone, released),
          { op: 'replace', collection: MERGES, key: merge.key, revision: merge.revision, value },
          followPerson(from, now()),
          audit({ action: 'unmerge', actor: by, subjects: [from, into] }),
        ])
        if (!outcome.ok) continue
        jobs.start(from)
        return mergeOf({ ...merge, value })
      }
    },

    async of(person) {
      const from = await allOf(collections, MERGES, 'from', { from: person })
      const into = await allOf(collections, MERGES, 'into', { into: person })
      return [...from, ...into].map(mergeOf).sort((a, b) => b.at - a.at)
    },
  }
}

function mergeOf({ key, value: { open: _, ...merge } }: Doc<Omit<Merge, 'id'> & { open: boolean }>): Merge {
  return { id: key, ...merge }
}

const SAME: Problem = {
  id: 'merge-same',
  status: 400,
  path: 'into',
  message: 'This is the same person. Name the other one.',
}
const PERSON_UNKNOWN: Problem = {
  id: 'merge-person-unknown',
  status: 404,
  path: 'into',
  message: 'There is no such person. Give the e-mail, phone number or id of the record to keep.',
}
const ALREADY: Problem = {
  id: 'merge-already',
  status: 409,
  path: 'into',
  message: 'One of the two is merged into another person. Undo that merge first.',
}
const ROLES: Problem = {
  id: 'merge-roles',
  status: 409,
  path: 'into',
  message:
    'The person to be merged holds a role here or in an organisation. Keep that one, or take the role away first.',
}
const REASON_MISSING: Problem = {
  id: 'merge-reason-missing',
  status: 400,
  path: 'reason',
  message: 'Write how it is known that the two are one.',
}
const MERGE_UNKNOWN: Problem = {
  id: 'merge-unknown',
  status: 404,
  message: 'This person is not merged into another one, so there is nothing to undo.',
}

import { randomUUID } from 'node:crypto'
import {
  type Collections,
  type Doc,
  type Found,
  findPage,
  foldedWords,
  type Operation,
  type Problem,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import { readMany } from '../corrections/read-many.ts'
import type { Audit } from '../create-profiles.ts'
import { cleanDetails } from './details.ts'
import { ORGANISATIONS, type OrganisationDocument, organisationOf } from './documents.ts'
import { createLogos, type LogoBlobs } from './logo.ts'
import { ORGANISATION_UNKNOWN } from './problems.ts'
import { searchByWords } from './search.ts'
import type { Organisation, OrganisationId, Organisations } from './types.ts'

export interface OrganisationsDeps {
  collections: Collections
  blobs: LogoBlobs
  audit: Audit
  now: () => number
}

/** How many organisations may stand above one. */
const MOST_ABOVE = 20

export function createOrganisations(deps: OrganisationsDeps): Organisations {
  const { collections, audit, now } = deps

  /** Stores what `edit` makes of the organisation, with what else goes along; again when it changed meanwhile. */
  async function change(
    id: OrganisationId,
    edit: (found: OrganisationDocument) => Promise<Edit | Refusal> | Edit | Refusal,
  ): Promise<Organisation | Refusal> {
    for (;;) {
      const found = await collections.get(ORGANISATIONS, id)
      if (!found) return refuse(ORGANISATION_UNKNOWN)
      const edited = await edit(found.value)
      if ('ok' in edited) return edited
      if (!edited.value) return organisationOf(found.value)
      const value = documentOf(edited.value)
      const outcome = await collections.batch([
        { op: 'replace', collection: ORGANISATIONS, key: id, value, revision: found.revision },
        ...edited.along,
      ])
      if (outcome.ok) return organisationOf(value)
    }
  }

  /** Checks of all that stand above, so that two who change them at once make no circle; or why it cannot belong there. */
  async function above(id: OrganisationId, parent: OrganisationId | null): Promise<Operation[] | Problem> {
    const checks: Operation[] = []
    for (let at = parent; at !== null; ) {
      if (at === id || checks.length === MOST_ABOVE) return PARENT_CIRCLE
      const found: Doc<OrganisationDocument> | null = await collections.get(ORGANISATIONS, at)
      if (!found) return PARENT_UNKNOWN
      checks.push({ op: 'check', collection: ORGANISATIONS, key: at, revision: found.revision })
      at = found.value.parent
    }
    return checks
  }

  const logos = createLogos(deps, change)

  return {
    async create(details, by) {
      const clean = cleanDetails(details)
      if (Array.isArray(clean)) return refuse(...clean)
      const id = randomUUID()
      for (;;) {
        const checks = await above(id, details.parent)
        if ('message' in checks) return refuse(checks)
        const value = documentOf({
          ...clean,
          id,
          parent: details.parent,
          logo: null,
          state: 'active',
          created: now(),
          closed: null,
        })
        const outcome = await collections.batch([
          { op: 'insert', collection: ORGANISATIONS, key: id, value },
          ...checks,
          audit({
            action: 'organisation-create',
            actor: by,
            subjects: [id],
            detail: { name: value.name, kind: value.kind, parent: value.parent },
          }),
        ])
        if (outcome.ok) return organisationOf(value)
      }
    },

    async change(id, details, by) {
      const clean = cleanDetails(details)
      if (Array.isArray(clean)) return refuse(...clean)
      return change(id, async (found) => {
        const checks = found.parent === details.parent ? [] : await above(id, details.parent)
        if ('message' in checks) return refuse(checks)
        const value = { ...found, ...clean, parent: details.parent }
        const { name, kind, parent } = value
        const detail = { name, kind, parent }
        return {
          value,
          along: [...checks, audit({ action: 'organisation-change', actor: by, subjects: [id], detail })],
        }
      })
    },

    setState: (id, state, by) =>
      change(id, (found) => {
        if (found.state === state) return { value: null, along: [] }
        const action = state === 'closed' ? 'organisation-close' : 'organisation-open'
        return {
          value: { ...found, state, closed: state === 'closed' ? now() : null },
          along: [audit({ action, actor: by, subjects: [id], detail: { name: found.name } })],
        }
      }),

    ...logos,

    async get(id) {
      const found = await collections.get(ORGANISATIONS, id)
      return found && organisationOf(found.value)
    },
    async getMany(ids) {
      if (ids.length === 0) return new Map()
      const found = await readMany(collections, ORGANISATIONS, [...new Set(ids)])
      return new Map([...found].map(([id, doc]) => [id, organisationOf(doc.value)]))
    },

    async list({ query = '', state, ...paging }) {
      const fits = (value: OrganisationDocument) => state === undefined || value.state === state
      const searched = await searchByWords(
        collections,
        ORGANISATIONS,
        { index: 'words', query, fits },
        paging,
      )
      if (searched) return pageOf(searched)
      const asked = state === undefined ? { index: 'name' } : { index: 'state', equals: { state } }
      return pageOf(await findPage(collections, ORGANISATIONS, { ...asked, ...paging }))
    },

    async named(name) {
      const sort = sortOf(name)
      const found = await collections.find(ORGANISATIONS, { index: 'name', equals: { sort }, limit: 2 })
      return pageOf(found).organisations
    },

    async parts(id, paging) {
      const asked = { index: 'parent', equals: { parent: id }, ...paging }
      return pageOf(await findPage(collections, ORGANISATIONS, asked))
    },
  }
}

/** What becomes of an organisation, null for nothing, and what is stored along with it. */
export interface Edit {
  value: Organisation | null
  along: Operation[]
}

function documentOf(organisation: Organisation): OrganisationDocument {
  const words = foldedWords(`${organisation.name} ${organisation.nameEn ?? ''}`)
  return { ...organisation, sort: sortOf(organisation.name), words }
}
const sortOf = (name: string) => foldedWords(name).join(' ')

function pageOf(found: Found<OrganisationDocument>) {
  return { organisations: found.docs.map((doc) => organisationOf(doc.value)), next: found.next }
}

const PARENT_UNKNOWN: Problem = {
  id: 'organisation-parent-unknown',
  status: 400,
  path: 'parent',
  message: 'The organisation that it is to belong to is not there.',
}
const PARENT_CIRCLE: Problem = {
  id: 'organisation-parent-circle',
  status: 400,
  path: 'parent',
  message: 'It cannot belong to itself, nor to what belongs to it.',
}

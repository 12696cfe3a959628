import { createHash } from 'node:crypto'
import { refuse } from '../../lrs/index.ts'
import type {
  Claim,
  Claims,
  Link,
  Links,
  LinkWork,
  Merge,
  Merges,
  Namesake,
  Suggestion,
  Waiting,
} from '../../profiles/index.ts'

const UNKNOWN = refuse({ id: 'link-unknown', status: 404, path: 'agent', message: 'No link' })

/** Links in memory, as the pages call them. */
export function fakeLinks(list: Link[], waiting: Waiting[], work: LinkWork[]): Links {
  const current = (agent: string) => list.find((each) => each.agent === agent && each.until === null)
  const idOf = ({ agent }: Link) => createHash('sha256').update(agent).digest('base64url').slice(0, 22)
  return {
    async link({ agent, person, how, proof, by, reason }) {
      const held = current(agent)
      if (held && held.person !== person)
        return refuse({ id: 'link-taken', status: 409, path: 'agent', message: 'Taken' })
      if (held) return held
      if (agent.includes('vanthu@'))
        return refuse({ id: 'link-role-address', status: 400, path: 'agent', message: 'Office' })
      const link: Link = { agent, person, since: Date.now(), until: null, how, by, reason }
      if (proof) link.proof = proof
      list.push(link)
      return link
    },
    async unlink({ agent, by, reason }) {
      const held = current(agent)
      return held ? Object.assign(held, { until: Date.now(), ended: { by, reason } }) : UNKNOWN
    },
    async contest({ agent, person }) {
      const held = current(agent)
      if (held?.person !== person) return UNKNOWN
      const ended = { by: person, reason: 'contested', contested: true as const }
      return Object.assign(held, { until: Date.now(), ended })
    },
    async decide({ agent, person, source }) {
      const held = current(agent)
      if (held?.person !== person) return UNKNOWN
      waiting.splice(
        waiting.findIndex((each) => each.agent === agent && each.source === source),
        1,
      )
      return held
    },
    waiting: async (person) => waiting.filter(({ agent }) => current(agent)?.person === person),
    work: async () => work,
    of: async (person) => list.filter((each) => each.person === person),
    personOf: async (agent) => current(agent)?.person ?? null,
    contested: async (maker) =>
      list
        .filter((each) => each.by === maker && each.ended?.contested)
        .map((each) => ({ ...each, id: idOf(each) })),
    async noticed(_maker, id) {
      const held = list.find((each) => idOf(each) === id)
      if (held?.ended) delete held.ended.contested
    },
    wasContested: async (agent, person) =>
      list.some((each) => each.agent === agent && each.person === person && each.ended?.contested),
  }
}

export const CLAIM_CODE = 'ABCD-EFHJ-KLMN'

/** What is told about codes and names, to be looked at and set. */
export interface ClaimLists {
  claims: Claim[]
  activities: Map<string, string>
  suggestions: Suggestion[]
  namesakes: Namesake[]
}

export function fakeClaims(links: Links, { claims, activities, suggestions, namesakes }: ClaimLists): Claims {
  const take = (person: string, id: string) => {
    const at = claims.findIndex((each) => each.id === id && each.person === person)
    return at < 0 ? null : claims.splice(at, 1)[0]!
  }
  return {
    makeCode: async () => ({ code: CLAIM_CODE, until: Date.now() + 1_800_000 }),
    waiting: async (person) => claims.filter((each) => each.person === person),
    async answer(person, id, mine) {
      const claim = take(person, id)
      if (!claim) return refuse({ id: 'claim-unknown', status: 404, message: 'Gone' })
      const { agent, source } = claim
      const proof = { source }
      return mine
        ? links.link({ agent, person, how: 'claim-code', proof, by: person, reason: 'claim code' })
        : null
    },
    activityOf: async (source) => activities.get(source) ?? null,
    async register(source, activity) {
      if (activity && !URL.canParse(activity))
        return refuse({ id: 'claim-activity-not-valid', status: 400, message: 'No IRI' })
      if (activity) activities.set(source, activity)
      else activities.delete(source)
      return activity
    },
    places: async () => [...activities.keys()],
    figures: async () => ({ right: 2, wrong: 5 }),
    suggestions: async () => suggestions,
    accept: (person, agent) =>
      links.link({ agent, person, how: 'email-code', by: person, reason: 'code', sources: [] }),
    namesakes: async () => namesakes,
  }
}

export function fakeMerges(list: Merge[]): Merges {
  return {
    async merge({ from, into, by, reason }) {
      if (from === into) return refuse({ id: 'merge-same', status: 400, path: 'into', message: 'Same' })
      if (from === 'author')
        return refuse({ id: 'merge-roles', status: 409, path: 'into', message: 'Holds a role' })
      const merge: Merge = { id: `${list.length}`, from, into, at: Date.now(), by, reason, undone: null }
      list.unshift(merge)
      return merge
    },
    async undo({ from, by, reason }) {
      const merge = list.find((each) => each.from === from && !each.undone)
      if (!merge) return refuse({ id: 'merge-unknown', status: 404, message: 'None' })
      return Object.assign(merge, { undone: { at: Date.now(), by, reason } })
    },
    of: async (person) => list.filter((each) => each.from === person || each.into === person),
  }
}

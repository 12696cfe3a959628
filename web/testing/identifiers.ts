import { refuse } from '../../lrs/index.ts'
import type { AskedCode, Identifiers, PersonIdentifier, Recovery } from '../../profiles/index.ts'
import type { Messages, WebServices } from '../services.ts'

/** The code that opens everything. */
export const CODE = '123456'

/** One that is proven, and one that is not yet. */
export function sampleIdentifiers(person: string): (PersonIdentifier & { person: string })[] {
  const added = Date.now() - 4e10
  return [
    {
      person,
      kind: 'email',
      value: 'nguyet.nguyen.thi.anh.1954@hopthu.tinh-hungyen.example',
      added,
      proven: added,
    },
    { person, kind: 'phone', value: '+84912345678', added: added + 1, proven: null },
  ]
}

/** What people are reached by, in memory; every code is `CODE`. */
export function fakeIdentifiers(list: (PersonIdentifier & { person: string })[]): Identifiers {
  const of = (person: string) => list.filter((each) => each.person === person)
  return {
    of: async (person) => of(person).map(({ person: _, ...each }) => each),
    ask: async (_person, { identifier }) => asked(identifier),
    async prove(person, { identifier, code }) {
      if (code !== CODE)
        return refuse({ id: 'code-wrong', status: 403, path: 'code', message: 'Look at it again' })
      const known = of(person).find((each) => each.value === identifier)
      if (known) known.proven = Date.now()
      else list.push({ ...asked(identifier).to, person, added: Date.now(), proven: Date.now() })
      return {
        identifier: of(person).find((each) => each.value === identifier)!,
        added: known === undefined,
        from: null,
      }
    },
    async remove(person, identifier) {
      const at = list.findIndex((each) => each.person === person && each.value === identifier)
      if (at < 0) return refuse({ id: 'identifier-unknown', status: 404, message: 'Look at the list' })
      return list.splice(at, 1)[0]!
    },
  }
}

/** Recovery that looks as the real one does and changes nothing. */
export function fakeRecovery(): Recovery {
  const wrong = refuse({ id: 'recovery-code-wrong', status: 403, path: 'code', message: 'Try another' })
  return {
    ask: async ({ identifier }) => ({ ...asked(identifier), person: null }),
    recover: async () => refuse({ id: 'code-wrong', status: 403, path: 'code', message: 'Look at it again' }),
    recoverByPrinted: async () => wrong,
    printed: async () => ({ left: 7, made: Date.now() - 4e9 }),
    print: async () => Array.from({ length: 10 }, (_, at) => `K7QF-9XWM-3T${at}A`),
    usePrinted: async () => null,
    async issueByStaff(_person, { document }) {
      if (document === '')
        return refuse({ id: 'staff-code-document-missing', status: 400, path: 'document', message: 'Which?' })
      return { code: 'K7QF-9XWM-3TRA', until: Date.now() + 86_400_000 }
    },
    issuedByStaff: async () => [{ by: 'operator', at: Date.now() - 4e9, document: 'Căn cước, Công an tỉnh' }],
  }
}

function asked(value: string): AskedCode {
  const to = { kind: value.includes('@') ? ('email' as const) : ('phone' as const), value }
  return { to, code: CODE, digits: 6, again: Date.now() + 60_000, until: Date.now() + 600_000 }
}

type Outbox = NonNullable<WebServices['outbox']>

/** Messages go into `outbox`, newest first; `state` says what is carried and whether it works. */
export function fakeMessages(outbox: Outbox[number][]): {
  messages: Messages
  state: { email: boolean; phone: boolean; works: boolean }
} {
  const state = { email: false, phone: false, works: true }
  const messages: Messages = {
    carries: (channel) => state[channel],
    failing: (channel) => state[channel] && !state.works,
    ready: async () => state.works,
    async send(channel, message) {
      if (state[channel] && state.works) outbox.unshift({ ...message, channel, at: Date.now() })
      return state[channel] && state.works
    },
  }
  return { messages, state }
}

import { refuse } from '../../lrs/index.ts'
import type { Invitations, Memberships, Organisations } from '../../profiles/index.ts'

const unused = () => {
  throw new Error('tested over real profiles: tests/support/organisations-site.ts')
}

/** A tenant in which there are no organisations yet. */
export function noOrganisations(): {
  organisations: Organisations
  memberships: Memberships
  invitations: Invitations
} {
  return {
    organisations: {
      create: unused,
      change: unused,
      setState: unused,
      setLogo: unused,
      logo: async () => null,
      get: async () => null,
      getMany: async () => new Map(),
      list: async () => ({ organisations: [], next: null }),
      named: async () => [],
      parts: async () => ({ organisations: [], next: null }),
    },
    memberships: {
      of: async () => ({ members: [], next: null }),
      count: async () => 0,
      get: async () => null,
      history: async () => [],
      setRoles: unused,
      leave: async () => {},
    },
    invitations: {
      make: unused,
      makeOperator: unused,
      of: async () => ({ invitations: [], next: null }),
      revoke: async () => {},
      look: async () => refuse({ id: 'invitation-over', status: 404, path: 'invitation', message: 'Over' }),
      accept: unused,
      decline: async () => {},
    },
  }
}

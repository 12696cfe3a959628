import type { Cast } from '../cast.ts'
import { everybody, rightsHere, type Table } from '../declared.ts'

/** The organisation `here`, for its members and for who holds a right there. */
export function organisationTable(cast: Cast): Table {
  const here = rightsHere(cast)
  const managed = here('manage-members')
  const officers = here('answer-disputes')
  const ofMember = { for: managed, at: { person: 'member' } }
  return {
    'GET /organisations/:organisation/logo': { for: everybody, answers: [404] },
    'GET /organisations/:organisation': here('member'),
    'GET /organisations/:organisation/members': managed,
    'POST /organisations/:organisation/members': { for: managed, answers: [404] },
    'GET /organisations/:organisation/members/:person': ofMember,
    'POST /organisations/:organisation/members/:person': ofMember,
    'GET /organisations/:organisation/members/:person/lessons': ofMember,
    'POST /organisations/:organisation/members/:person/lessons': ofMember,
    'GET /organisations/:organisation/members/:person/remove': ofMember,
    'POST /organisations/:organisation/members/:person/remove': ofMember,
    'GET /organisations/:organisation/invitations': managed,
    'GET /organisations/:organisation/invitations/new': managed,
    'POST /organisations/:organisation/invitations/new': managed,
    'POST /organisations/:organisation/invitations/revoke': {
      for: managed,
      send: ({ invitation }) => ({ invitation: invitation! }),
    },
    'GET /organisations/:organisation/lessons': here('edit-lessons', 'manage-members'),
    // What the owner said is wrong was passed on to this organisation.
    'GET /organisations/:organisation/disputes': { for: officers, shows: officers },
    'GET /organisations/:organisation/disputes/:dispute': { for: officers, shows: officers },
    'POST /organisations/:organisation/disputes/:dispute': officers,
    'GET /organisations/:organisation/leave': here('member'),
  }
}

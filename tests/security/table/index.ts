import type { Cast } from '../cast.ts'
import { everybody, own, rightsHere, signedIn, type Table } from '../declared.ts'
import { authorTable } from './author.ts'
import { centreTable } from './centre.ts'
import { citizenTable } from './citizen.ts'
import { lmsTable } from './lms.ts'
import { operatorTable } from './operator.ts'
import { organisationTable } from './organisations.ts'
import { frameTable, publicTable } from './public.ts'
import { waysInTable } from './ways-in.ts'

/**
 * Who may what: one line for each route of the product. A route without a line fails matrix.test.ts by its name.
 *
 * To declare one, add `'METHOD /path/:param': audience` to the table of its area, in words of declared.ts:
 * - `everybody`, `signedIn`, `oneself` (not by a merge), `own` (a thing of the citizen `owner`), `right('write-lessons')`,
 *   `operates`, and `here('manage-members')` for what is done in an organisation. Rights are those of the one table, RIGHTS.
 * - `:param` is filled with the object of that name (objects.ts), which is the owner's, or `here`'s; another one is named
 *   by `{ for: …, at: { id: 'lesson' } }`. A new kind of thing is made in objects.ts, with MARK in its words.
 * - A form that looks at its fields before it looks at whose the thing is needs them: `send`. One that answers a stranger
 *   as it answers the owner, and does nothing, is `quiet`.
 * - A page that shows what is the owner's to somebody else by right says to whom: `shows`.
 *
 * Whoever is not let through must get 401, 403, 404 or the way to sign in, and must change nothing. Whoever is must get
 * a page (GET), or get past the door (POST, tried by the first role that may, in the order of the table).
 */
export function declaredRoutes(cast: Cast): Table {
  return {
    ...publicTable(),
    ...frameTable(),
    ...citizenTable(),
    ...waysInTable(),
    ...authorTable(),
    ...organisationTable(cast),
    ...centreTable(cast),
    ...lmsTable(),
    ...operatorTable(),
    ...guardTable(),
    ...lastTable(cast),
  }
}

/** What ends an entry, a link, a membership or a session comes last. */
const lastTable = (cast: Cast): Table => ({
  'POST /me/diary/:entry': own,
  'POST /me/diary/:entry/remove': own,
  'POST /me/links/:link/contest': own,
  'POST /organisations/:organisation/leave': rightsHere(cast)('member'),
  'POST /me/consents/:purpose/withdraw': signedIn,
  'POST /sign-out': everybody,
})

/** Guards before the routes of an area: they answer whom they do not let through, and nobody else. */
const guardTable = (): Table => ({
  'USE /author': everybody,
  'USE /lms': everybody,
  'USE /me/consents': everybody,
  'USE /me/links': everybody,
  'USE /operator': everybody,
})

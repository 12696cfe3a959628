import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import type { Accounts, Person } from '../profiles/index.ts'

/** What a session holds of a person: who it is, and with which of their passwords it began. */
export interface Held {
  id: string
  passwordChanges: number
}

/** People's sign-in. Roles are read anew with every request; a session that began with an old password is over. */
export function passportFor(accounts: Accounts): InstanceType<typeof Passport> {
  const passport = new Passport()
  passport.use(
    new Strategy({ usernameField: 'identifier', passwordField: 'password' }, (identifier, password, done) => {
      accounts.verify(identifier, password).then((person) => done(null, person ?? false), done)
    }),
  )
  passport.serializeUser<Held>((user, done) =>
    done(null, { id: user.id, passwordChanges: user.passwordChanges ?? 0 }),
  )
  passport.deserializeUser<Held>((held, done) => {
    shownAs(accounts, held).then((person) => done(null, person ?? false), done)
  })
  return passport
}

/** Most merges between who signed in and who they are shown as. */
const MOST_MERGES = 20

/** The person that this one was merged into, at the end of all merges; themselves where there was none. */
export async function keptOf(accounts: Pick<Accounts, 'get'>, person: Person): Promise<Person | null> {
  let kept: Person | null = person
  for (let steps = 0; kept?.mergedInto !== undefined && steps < MOST_MERGES; steps++)
    kept = await accounts.get(kept.mergedInto)
  return kept
}

/**
 * Whose record the holder of a session sees: their own, or that of the person they were merged into, as of now. So it
 * is their own again when the merge is undone. Who comes by a merge sees the record and acts as a citizen: what the other
 * may do beyond that takes the other's own sign-in.
 */
async function shownAs(accounts: Accounts, held: Held): Promise<Person | null> {
  const person = await accounts.get(held.id)
  if (!person || (person.passwordChanges ?? 0) !== held.passwordChanges) return null
  if (person.mergedInto === undefined) return person
  const kept = await keptOf(accounts, person)
  return kept && { ...kept, roles: ['citizen'], memberships: [] }
}

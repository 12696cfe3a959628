import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import type { Accounts } from '../profiles/index.ts'

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
    accounts.get(held.id).then((person) => {
      done(null, person && (person.passwordChanges ?? 0) === held.passwordChanges ? person : false)
    }, done)
  })
  return passport
}

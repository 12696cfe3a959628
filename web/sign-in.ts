import { Passport } from 'passport'
import { Strategy } from 'passport-local'
import type { Accounts } from '../profiles/index.ts'

/** People's sign-in. A session holds the person's id alone; roles are read anew with every request. */
export function passportFor(accounts: Accounts): InstanceType<typeof Passport> {
  const passport = new Passport()
  passport.use(
    new Strategy({ usernameField: 'identifier', passwordField: 'password' }, (identifier, password, done) => {
      accounts.verify(identifier, password).then((person) => done(null, person ?? false), done)
    }),
  )
  passport.serializeUser((user, done) => done(null, user.id))
  passport.deserializeUser((id: string, done) => {
    accounts.get(id).then((person) => done(null, person ?? false), done)
  })
  return passport
}

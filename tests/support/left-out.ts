import { describe, type TestOptions, test } from 'vitest'
import { mongoLacks, ownMongoLacks } from './mongo-program.ts'

/**
 * A `describe` of tests that need what not every machine has. Where something lacks, one test stands for all of them: it
 * says by name what did not run and why, and fails where they are `required`.
 */
export function describeUnless(
  lack: string | null,
  title: string,
  { required = isEveryStoreRequired(), ...options }: TestOptions & { required?: boolean },
  body: () => void,
): void {
  if (lack === null) {
    describe(title, options, body)
    return
  }
  const name = `${title}: did not run, for want of ${lack}`
  if (!required) test.skip(name)
  else
    test(name, () => {
      throw new Error(`What is required here did not run, for want of ${lack}`)
    })
}

const isEveryStoreRequired = () => Boolean(process.env.REQUIRE_ALL_ADAPTERS)

/**
 * A `describe` of tests on MongoDB. `own`: they stop the server, or want one of another kind. That at MONGODB_URI is not
 * theirs to break, but where it is named every store is there, and nothing more is required.
 */
export function describeOnMongo(
  title: string,
  { own = false, ...options }: TestOptions & { own?: boolean },
  body: () => void,
): void {
  const required = isEveryStoreRequired() && mongoLacks() !== null
  describeUnless(own ? ownMongoLacks() : mongoLacks(), title, { ...options, required }, body)
}

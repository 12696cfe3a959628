import { expect, test } from 'vitest'
import { mongoLacks } from './mongo-program.ts'

const lack = mongoLacks()
const isRequired = Boolean(process.env.REQUIRE_ALL_ADAPTERS)

// vitest.config.ts leaves those tests out where there is no server to run them on.
if (lack === null) test('conformance and the main ways run on MongoDB too', () => expect(lack).toBeNull())
else if (isRequired)
  test('conformance and the main ways run on MongoDB too', () => {
    throw new Error(`They lack ${lack}`)
  })
else test.skip(`conformance and the main ways did not run on MongoDB: they lack ${lack}`)

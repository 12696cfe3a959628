import { expect, test } from 'vitest'
import { describeOnMongo } from './left-out.ts'
import { storeOfRun } from './store.ts'

// vitest.config.ts leaves those tests out where there is no server to run them on.
describeOnMongo('conformance and the main ways on MongoDB', {}, () => {
  test('run with the store that this project of tests names', () => expect(storeOfRun()).toBe('mongo'))
})

import { defineConfig } from 'vitest/config'
import { mongoLacks } from './tests/support/mongo-program.ts'

/** What measures under load runs apart from all else: beside other tests it would measure those. */
const UNDER_LOAD = ['tests/overload/**/*.test.ts', 'tests/torture/**/*.test.ts', 'bench/**/*.e2e.test.ts']

/** What is about MongoDB alone. Each says itself when it cannot run here. */
const MONGO = [
  'lrs/storage/mongo/**/*.test.ts',
  'tests/contract/mongo.test.ts',
  'tests/e2e/two-processes.test.ts',
  'tests/mongo-cluster/**/*.test.ts',
  'tests/support/on-mongo.test.ts',
]
/** What runs on MongoDB too, by the same tests (tests/support/store.ts); that it cannot is told by on-mongo.test.ts. */
const ON_MONGO = [
  'tests/conformance/**/*.test.ts',
  'tests/e2e/walk.test.ts',
  'tests/e2e/organisations-walk.test.ts',
  'tests/e2e/author-walk.test.ts',
  'tests/e2e/h5p-player.test.ts',
  'tests/e2e/learner-walk.test.ts',
  'tests/e2e/results-offline.test.ts',
  'tests/e2e/libraries-walk.test.ts',
  'h5p/attempt/**/*.test.ts',
  'h5p/lesson/changes.test.ts',
  'h5p/library/{builds,waiting}.test.ts',
  'h5p/lesson/versions.test.ts',
  'tests/e2e/claim-walk.test.ts',
  'tests/e2e/consents-walk.test.ts',
  'tests/e2e/disputes-walk.test.ts',
  'tests/e2e/two-step.test.ts',
  'tests/e2e/centre-walk.test.ts',
  'tests/e2e/lifelong-walk.test.ts',
  'tests/e2e/lessons-walk.test.ts',
  'profiles/projection/{projection,find-lines,rebuild,verify}.test.ts',
  'profiles/mapping/**/*.test.ts',
  'profiles/shares/**/*.test.ts',
  'profiles/diary/**/*.test.ts',
  'profiles/self-told/**/*.test.ts',
  'profiles/archive/**/*.test.ts',
  'profiles/consents/**/*.test.ts',
  'profiles/evidence/**/*.test.ts',
  'profiles/certificates/**/*.test.ts',
  'profiles/links/**/*.test.ts',
  'profiles/claims/**/*.test.ts',
  'profiles/merges/**/*.test.ts',
  'profiles/consents/consents.test.ts',
  'profiles/accounts/**/*.test.ts',
  'profiles/corrections/**/*.test.ts',
  'profiles/second-factor/**/*.test.ts',
  'profiles/passkeys/**/*.test.ts',
  'profiles/providers/**/*.test.ts',
  'profiles/organisations/**/*.test.ts',
  'profiles/courses/courses.test.ts',
  'profiles/twins/{twins,many-days}.test.ts',
  'profiles/access/**/*.test.ts',
  'profiles/directory/**/*.test.ts',
  'profiles/confirmations/**/*.test.ts',
  'profiles/classes/**/*.test.ts',
  'h5p/report/**/*.test.ts',
  'web/centre/**/*.test.ts',
  'web/organisations/**/*.test.ts',
]

export default defineConfig({
  test: {
    pool: 'forks',
    // One less by default, which on two cores is one file at a time.
    maxWorkers: '100%',
    // These only end what hangs: a slow machine, or one with other things to do, is no failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', ...UNDER_LOAD, ...MONGO],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'mongo',
          include: mongoLacks() === null ? [...MONGO, ...ON_MONGO] : MONGO,
          exclude: ['node_modules/**'],
          env: { TEST_STORE: 'mongo' },
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'load',
          include: UNDER_LOAD,
          exclude: ['node_modules/**'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})

import { defineConfig } from 'vitest/config'

/** What measures under load runs apart from all else: beside other tests it would measure those. */
const UNDER_LOAD = ['tests/overload/**/*.test.ts', 'tests/torture/**/*.test.ts', 'bench/**/*.e2e.test.ts']

export default defineConfig({
  test: {
    pool: 'forks',
    // One less by default, which on two cores is one file at a time.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', ...UNDER_LOAD],
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

import { mendKeys } from '../../../lrs/index.ts'
import { defineCommand } from '../command.ts'

export const rebuildCommands = [
  defineCommand<{ entries: number }>({
    name: 'rebuild transcript',
    summary: 'Bring every record to what the statements say; each stays whole meanwhile',
    words: [],
    options: {},
    async run({ profiles, audit }, _input, by, { tell, signal }) {
      const entries = await profiles.rebuild((done, total) => {
        signal.throwIfAborted()
        tell({ what: 'Compared', done, total })
      })
      await audit.append({ actor: by, action: 'rebuild', detail: { entries } })
      return { entries }
    },
    show: ({ entries }) => `The records are what ${entries} statements say.`,
  }),

  defineCommand<{ store: number; statements: number }>({
    name: 'rebuild indexes',
    summary: 'Put right what verify finds wrong with indexes; statements themselves are not changed',
    words: [],
    options: {},
    async run({ storage, tenants }, _input, _by, { tell, signal }) {
      const store = await storage.mend({
        progress(done, total) {
          signal.throwIfAborted()
          tell({ what: 'Indexes', done, total })
        },
      })
      let statements = 0
      for (const { id } of await tenants.list()) {
        const { statements: own } = storage.tenant(id)
        const total = await own.count()
        statements += await mendKeys(own, {
          progress(done) {
            signal.throwIfAborted()
            tell({ what: 'Keys', done, total })
          },
        })
      }
      return { store, statements }
    },
    show: ({ store, statements }) =>
      `Put right: ${store} entries of indexes, and the keys of ${statements} statements. Next: suotdoi verify`,
  }),
]

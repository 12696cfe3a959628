/** Stands in for the product's own where inject.ts was loaded: consumers that do with each statement what they are told. */
import { runConsumers as run } from '../../lrs/feed/run-consumers.ts'
import { told } from './inject.ts'

export const runConsumers: typeof run = (storage, consumers, options) =>
  run(
    storage,
    consumers.map((consumer) => ({
      ...consumer,
      async apply(entries) {
        if (told.consumers === 'throw') throw new Error('told to throw')
        if (told.consumers === 'hang') await new Promise(() => {})
        return consumer.apply(entries)
      },
    })),
    options,
  )

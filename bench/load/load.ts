import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Measured, Work } from './work.ts'

/** The load generator. Several pieces of work may run at once. */
export interface Load {
  run(work: Work): Promise<Measured>
  close(): Promise<void>
}

/** Starts the load generator in a process of its own, so that it takes nothing off the thread that measures. */
export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, PromiseWithResolvers<Measured>>()
  let orders = 0
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`The load generator ended with ${code}`))
      resolve()
    })
  })
  child.on('message', (answer: Answer) => {
    const order = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('measured' in answer) order?.resolve(answer.measured)
    else order?.reject(new Error(answer.error))
  })
  return {
    run(work) {
      const id = ++orders
      const order = Promise.withResolvers<Measured>()
      waiting.set(id, order)
      child.send({ id, work })
      return order.promise
    },
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

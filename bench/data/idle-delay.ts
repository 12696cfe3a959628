import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parentPort, Worker } from 'node:worker_threads'

const RESOLUTION_MS = 10

/**
 * How late a thread that does nothing comes to its timers meanwhile, ms: what of a delay is the machine's, because
 * others have its cores. Measured as the product measures its own.
 */
export function watchIdleDelay(): { stop(): Promise<{ p99: number; max: number }> } {
  const worker = new Worker(new URL(import.meta.url), { execArgv: [] })
  return {
    async stop() {
      const told = new Promise<{ p99: number; max: number }>((resolve) => worker.once('message', resolve))
      worker.postMessage('stop')
      const delay = await told
      await worker.terminate()
      return delay
    },
  }
}

if (parentPort) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  parentPort.once('message', () => {
    parentPort?.postMessage({ p99: ms(histogram.percentile(99)), max: ms(histogram.max) })
  })
}

/** The thread on which statements are compared with their text, so that no large one holds up the one that answers requests. */
import { parentPort } from 'node:worker_threads'
import { compare, type Inspected } from './compare.ts'

parentPort?.on('message', (page: Inspected[]) => parentPort?.postMessage(page.map(compare)))

import { defineCollection } from '../../../lrs/storage/collections.ts'
import type { Storage } from '../../../lrs/storage/port.ts'
import { idOf, recordOf, voidOf } from './records.ts'

/**
 * Work whose every step can be checked after a kill. A step's line is printed only after the store acknowledged it;
 * of the steps under way, each must be found whole or not at all.
 */
export const pairs = defineCollection<{ step: string }>('pairs', { byStep: ['step'] })

export async function runStep(storage: Storage, kind: string, step: string): Promise<void> {
  const tenant = storage.tenant('killed')
  switch (kind) {
    case 'statements':
      await tenant.statements.write([
        recordOf(`${step} t`, { keys: [`step:${step}`] }),
        recordOf(`${step} r`, { keys: [`step:${step}`], refersTo: idOf(`${step} t`) }),
        voidOf(`${step} v`, `${step} t`, { keys: [`step:${step}`] }),
      ])
      return
    case 'batch': {
      const value = { step }
      await tenant.collections.batch([
        { op: 'put', collection: pairs, key: `${step} left`, value },
        { op: 'put', collection: pairs, key: `${step} right`, value },
      ])
      return
    }
    case 'blob': {
      const { sha2 } = await tenant.blobs.put([Buffer.from(`blob ${step}`)] as never)
      await tenant.statements.write([recordOf(`${step} b`, { attachments: [sha2] })])
      return
    }
    default:
      await storage.system.insert(pairs, step, { step })
  }
}

export const KINDS = ['statements', 'batch', 'blob', 'system'] as const

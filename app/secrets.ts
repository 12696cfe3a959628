import { randomBytes } from 'node:crypto'
import { type Collections, defineCollection } from '../lrs/index.ts'

/** Key: the purpose. */
const SECRETS = defineCollection<{ secret: string }>('secrets')

/** A secret of this installation by purpose, made at the first call and the same for ever after; 32 bytes as hex. */
export async function secretFor(system: Collections, purpose: string): Promise<string> {
  await system.insert(SECRETS, purpose, { secret: newSecret() })
  const doc = await system.get(SECRETS, purpose)
  if (!doc) throw new Error(`The secret for ${purpose} was written but is not there.`)
  return doc.value.secret
}

/** Makes it anew. Who read it before keeps the old one until the next start. */
export async function renewSecret(system: Collections, purpose: string): Promise<void> {
  await system.put(SECRETS, purpose, { secret: newSecret() })
}

const newSecret = () => randomBytes(32).toString('hex')

import type { Organisation } from '../../profiles/index.ts'
import type { WebServices } from '../services.ts'

/** The one organisation of this name, as people write it; or why there is none to be had by it. */
export async function organisationNamed(
  { organisations }: Pick<WebServices, 'organisations'>,
  name: string,
): Promise<Organisation | 'Missing' | 'Unknown' | 'Many'> {
  if (name.trim() === '') return 'Missing'
  const found = await organisations.named(name)
  const [only] = found
  return only === undefined ? 'Unknown' : found.length === 1 ? only : 'Many'
}

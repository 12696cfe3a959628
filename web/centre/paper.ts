import { isPaper } from '../../profiles/index.ts'
import { toldUnder } from '../citizen/told-place.ts'
import { centre } from '../i18n/messages/centre.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

/** What stands on a certificate, to be compared with its original; '' for what is none. */
export async function paperWords(
  view: View,
  services: WebServices,
  person: string,
  { id, type }: { id: string; type: string | null },
): Promise<string> {
  const told = isPaper(type) ? await toldUnder(services, person, id) : null
  if (!told || !('certificate' in told)) return ''
  const { issuer, number } = told.certificate
  const say = view.say(centre)
  return [say('paperIssuer', { issuer }), number !== '' && say('paperNumber', { number })]
    .filter(Boolean)
    .join(' · ')
}

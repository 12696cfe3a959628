import { agentKey } from '../../lrs/index.ts'
import type { Identifiers } from '../types.ts'
import type { LinksPart } from './links.ts'

/**
 * A proven e-mail address is linked, for no source yet: what was sent under it waits for a word about each. An address
 * that is an office's, or somebody else's already, is proven for signing in and not linked. What a kill leaves out here
 * is offered on the account page.
 */
export function tieMailboxes(identifiers: Identifiers, links: Pick<LinksPart, 'link'>): Identifiers {
  return {
    ...identifiers,
    async prove(person, input) {
      const proven = await identifiers.prove(person, input)
      if ('ok' in proven || proven.identifier.kind !== 'email') return proven
      const agent = agentKey({ mbox: `mailto:${proven.identifier.value}` })
      if (agent !== null)
        await links.link({ agent, person, how: 'email-code', by: person, reason: 'e-mail code', sources: [] })
      return proven
    },
  }
}

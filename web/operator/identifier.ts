import { agentKey, identifierOf } from '../../lrs/index.ts'
import { operator } from '../i18n/messages/operator.ts'
import type { View } from '../view.ts'

/**
 * An identifier as people write it: an e-mail address, home page and account name with a space between, an OpenID, or
 * the SHA-1 of a mailto IRI. Resolves to its agent key; null when it is none of these.
 */
export function readIdentifier(text: string): string | null {
  const written = text.trim()
  if (written.length > 2000 || !written.isWellFormed()) return null
  if (/^[0-9a-f]{40}$/i.test(written)) return agentKey({ mbox_sha1sum: written })
  const account = /^([a-z][a-z0-9+.-]*:\S+)\s+(\S.*)$/isu.exec(written)
  if (account) return agentKey({ account: { homePage: account[1]!, name: account[2]! } })
  if (/\s/u.test(written)) return null
  const mail = written.replace(/^mailto:/i, '')
  if (/^[^\s@/:]+@[^\s@/]+$/u.test(mail)) return agentKey({ mbox: `mailto:${mail}` })
  return URL.canParse(written) && /^https?:/i.test(written) ? agentKey({ openid: written }) : null
}

/** How it is written, so that reading it again gives the same key. */
export function writeIdentifier(key: string): string {
  const { account, mbox, openid, mbox_sha1sum: sha1 } = identifierOf(key)
  if (account) return `${account.homePage} ${account.name}`
  return mbox?.replace(/^mailto:/, '') ?? openid ?? sha1 ?? key
}

/** An identifier in two parts: what names the person, and of what kind it is. */
export function describeIdentifier(view: View, key: string): { name: string; kind: string } {
  const say = view.say(operator)
  const { account, mbox, openid } = identifierOf(key)
  if (account) return { name: account.name, kind: say('kind-account', { homePage: account.homePage }) }
  return {
    name: writeIdentifier(key),
    kind: say(mbox !== undefined ? 'kind-mbox' : openid !== undefined ? 'kind-openid' : 'kind-sha1'),
  }
}

/** An xAPI identifier as one string, the same for every spelling that the specification holds equal. */
export interface Identifier {
  mbox?: string
  mbox_sha1sum?: string
  openid?: string
  account?: { homePage: string; name: string }
}

/** `mbox:mailto:…`, `sha1:…`, `openid:…`, `account:<homePage> <name>`; null for an anonymous group. */
export function agentKey(agent: Identifier): string | null {
  if (typeof agent.mbox === 'string') return `mbox:${withLowerDomain(agent.mbox)}`
  if (typeof agent.mbox_sha1sum === 'string') return `sha1:${agent.mbox_sha1sum.toLowerCase()}`
  if (typeof agent.openid === 'string') return `openid:${agent.openid}`
  // An IRI holds no space, so the first one ends it.
  if (agent.account) return `account:${agent.account.homePage} ${agent.account.name}`
  return null
}

/** Case does not matter in the domain of an e-mail address (1.0.3 Data 2.3.1); in its local part it may. */
function withLowerDomain(mbox: string): string {
  const at = mbox.lastIndexOf('@') + 1
  return mbox.slice(0, at) + mbox.slice(at).toLowerCase()
}

/** The identifier that a key was made of. */
export function identifierOf(key: string): Identifier {
  const colon = key.indexOf(':')
  const rest = key.slice(colon + 1)
  switch (key.slice(0, colon)) {
    case 'mbox':
      return { mbox: rest }
    case 'sha1':
      return { mbox_sha1sum: rest }
    case 'openid':
      return { openid: rest }
    default: {
      const space = rest.indexOf(' ')
      return { account: { homePage: rest.slice(0, space), name: rest.slice(space + 1) } }
    }
  }
}

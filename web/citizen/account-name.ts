import { identifierOf } from '../../lrs/index.ts'

/** An identifier as its owner knows it: the account's name and where it is held. */
export function accountName(agent: string): string {
  const identifier = identifierOf(agent)
  if (identifier.account) {
    const { homePage, name } = identifier.account
    return `${name} (${URL.canParse(homePage) ? new URL(homePage).host || homePage : homePage})`
  }
  return identifier.mbox?.replace(/^mailto:/, '') ?? identifier.openid ?? identifier.mbox_sha1sum ?? agent
}

import { identifierOf } from '../../lrs/index.ts'

/** An account as its owner will know it again and nobody else learns it: `ng•••@…`, `tr•••`. */
export function maskAccount(agent: string): string {
  const { mbox, openid, account, mbox_sha1sum: hidden } = identifierOf(agent)
  if (mbox !== undefined) return `${begin(mbox.replace(/^mailto:/, ''))}•••@…`
  return `${begin(account?.name ?? openid?.replace(/^https?:\/\//, '') ?? hidden ?? '')}•••`
}

/** Two letters, or one where there are few. */
function begin(text: string): string {
  const letters = [...(text.split('@')[0] ?? '')]
  return letters.slice(0, letters.length > 3 ? 2 : 1).join('')
}

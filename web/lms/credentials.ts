import type { Credential } from '../../lrs/index.ts'
import { badge } from '../components/badge.ts'
import { type Column, rowLink, table } from '../components/table.ts'
import { when } from '../components/when.ts'
import type { Html } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import type { View } from '../view.ts'

export const credentialAddress = (key: string) => `/lms/credentials/${encodeURIComponent(key)}`

export function credentialBadge(view: View, credential: Credential, now = Date.now()): Html {
  const say = view.say(lms)
  const { revoked, expires } = credential
  const time = view.format.dateTime
  if (revoked !== null && revoked <= now)
    return badge(view, {
      label: say('key-revoked', { time: view.format.date(revoked) }),
      tone: 'bad',
      icon: 'close',
    })
  if (expires === null) return badge(view, { label: say('key-valid'), tone: 'good', icon: 'check' })
  return expires <= now
    ? badge(view, {
        label: say('key-expired', { time: view.format.date(expires) }),
        tone: 'bad',
        icon: 'close',
      })
    : badge(view, { label: say('key-until', { time: time(expires) }), tone: 'waiting', icon: 'clock' })
}

/** Credentials as a list; each row opens one. `sourceName` adds whose they are. */
export function credentialTable(
  view: View,
  props: {
    credentials: readonly Credential[]
    scopesInShort(credential: Credential): string
    lastUse(credential: Credential): number | null
    sourceName?: (credential: Credential) => string
  },
): Html {
  const say = view.say(lms)
  const { sourceName } = props
  const columns: Column<Credential>[] = [
    {
      label: say('columnLabel'),
      cell: (each) => rowLink({ href: credentialAddress(each.key), label: each.label || each.key }),
    },
    ...(sourceName ? [{ label: say('columnSource'), cell: sourceName }] : []),
    { label: say('columnState'), cell: (each) => credentialBadge(view, each) },
    { label: say('columnScopes'), cell: props.scopesInShort },
    {
      label: say('columnUsed'),
      cell: (each) => {
        const at = props.lastUse(each)
        return at === null ? say('keyNotUsed') : when(view, at)
      },
    },
    { label: say('since'), cell: (each) => when(view, each.created) },
  ]
  return table({ caption: say('keysTitle'), columns, rows: props.credentials })
}

/** Valid ones first, then the newest. */
export function inOrder(
  credentials: readonly Credential[],
  valid: (each: Credential) => boolean,
): Credential[] {
  return [...credentials].sort((a, b) => Number(valid(b)) - Number(valid(a)) || b.created - a.created)
}

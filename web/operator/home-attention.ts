import { libraries } from '../i18n/messages/libraries.ts'
import { overview } from '../i18n/messages/overview.ts'
import { isValid } from '../lms/connection.ts'
import { credentialAddress } from '../lms/credentials.ts'
import { sourceAddress } from '../lms/source-of.ts'
import type { View } from '../view.ts'
import { consumerName, stateOf } from './consumers.ts'
import { growthOf } from './growth.ts'
import { nameOf, type Overview } from './overview.ts'

const DAY = 86_400_000
const SOON = 7 * DAY
/** The disk is to be full no sooner than this, in months. */
const MONTHS_AHEAD = 3
/** Less than this share of the disk is little. */
const LITTLE = 0.05
const BACKUP_OLD_DAYS = 2
/** As in docs/operations.md. */
const BACKUP = 'npm run suotdoi -- backup /backup/suotdoi/$(date +%F)'
const MESSAGES = 'SMTP_URL=smtp://… MAIL_FROM=…'
const SECOND_STEP = 'SECOND_STEP=operators'

export interface Attention {
  words: string
  href?: string
  /** To be typed on the server, as it is. */
  command?: string
  /** Data or service is at risk. */
  urgent: boolean
}

/** What the operator should look at, the most urgent first. */
export function attention(view: View, props: Overview, now = Date.now()): Attention[] {
  return [...atRisk(view, props, now), ...soon(view, props, now)].sort(
    (a, b) => Number(b.urgent) - Number(a.urgent),
  )
}

function atRisk(
  view: View,
  { days, lastHour, consumers, failing, scannerFails, backup }: Overview,
  now: number,
): Attention[] {
  const say = view.say(overview)
  const all: Attention[] = []
  const sizes = days.at(-1)?.sizes
  const { months } = growthOf(days)
  const free = sizes?.free ?? null
  if (free !== null && free < LITTLE * (sizes?.disk ?? 0))
    all.push({ words: say('diskLow', { free: view.format.bytes(free) }), urgent: true })
  else if (months !== null && months < MONTHS_AHEAD)
    all.push({ words: say('diskSoon', { months: Math.floor(months) }), urgent: months < 1 })
  if (lastHour.failures > 0)
    all.push({ words: say('failuresNow', { count: lastHour.failures }), urgent: true })
  for (const each of consumers.filter((one) => stateOf(one) === 'Fails'))
    all.push({
      words: say('consumerFails', { name: consumerName(view, each.name) }),
      href: '/operator/consumers',
      urgent: true,
    })
  for (const channel of failing) all.push({ words: say(`messagesFail-${channel}`), urgent: true })
  if (scannerFails) all.push({ words: view.say(libraries)('scannerFails'), urgent: true })
  const age = backup === null ? null : Math.floor((now - backup) / DAY)
  if (age === null) all.push({ words: say('backupNever'), command: BACKUP, urgent: false })
  else if (age >= BACKUP_OLD_DAYS)
    all.push({ words: say('backupOld', { days: age }), command: BACKUP, urgent: false })
  return all
}

function soon(view: View, props: Overview, now: number): Attention[] {
  const say = view.say(overview)
  return [
    ...(props.libraryRequests > 0
      ? [
          {
            words: view.say(libraries)('attention', { count: props.libraryRequests }),
            href: '/operator/libraries',
            urgent: false,
          },
        ]
      : []),
    ...(props.oneStep ? [{ words: say('oneStep'), command: SECOND_STEP, urgent: false }] : []),
    ...(props.silent.length === 2 ? [{ words: say('messagesNone'), command: MESSAGES, urgent: false }] : []),
    ...ofLessons(view, props),
    ...props.refusedNow.map((source) => ({
      words: say('sourceRefused', { name: source.name }),
      href: sourceAddress(source),
      urgent: false,
    })),
    ...props.credentials
      .filter((each) => isValid(each, now) && each.expires !== null && each.expires < now + SOON)
      .map((each) => ({
        words: say('keyEnds', {
          label: each.label,
          name: nameOf(props, each.source) ?? each.source,
          time: view.format.dateTime(each.expires ?? now),
        }),
        href: credentialAddress(each.key),
        urgent: false,
      })),
  ]
}

/** Kinds of what pages of lessons sent and ought not to, with the problems that they come under. */
const KINDS = {
  forged: ['h5p-event-actor-forged', 'h5p-attempt-foreign', 'h5p-token-invalid'],
  foreign: ['h5p-event-object-foreign'],
  changed: ['h5p-event-changed', 'h5p-answers-changed'],
  flood: ['h5p-events-too-many', 'h5p-attempt-full'],
} as const

function ofLessons(view: View, { lessonsRefused }: Overview): Attention[] {
  const say = view.say(overview)
  const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
    const of = lessonsRefused.filter(({ problem }) => (KINDS[kind] as readonly string[]).includes(problem))
    const count = of.reduce((sum, each) => sum + each.count, 0)
    return count > 0 ? [say(`lessons-${kind}`, { count })] : []
  })
  return kinds.length === 0
    ? []
    : [{ words: say('lessonsRefused', { kinds: kinds.join('; ') }), urgent: false }]
}

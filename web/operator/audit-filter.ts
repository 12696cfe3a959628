import type { Request } from 'express'
import { AUDIT_KINDS, type AuditFilter, type Source } from '../../lrs/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { dateField, errorOf, type FieldError, field } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { endOfDay, startOfDay } from '../i18n/day.ts'
import { audit } from '../i18n/messages/audit.ts'
import { operator } from '../i18n/messages/operator.ts'
import { queryOf } from '../page.ts'
import type { View } from '../view.ts'

const NAMES = ['kind', 'source', 'who', 'since', 'until'] as const
/** What was asked for, as written in the address. */
export type Asked = Record<(typeof NAMES)[number], string>

export function askedOf(req: Request): Asked {
  return Object.fromEntries(NAMES.map((name) => [name, queryOf(req, name).trim()])) as Asked
}

export const asksNothing = (asked: Asked) => NAMES.every((name) => !asked[name])

/** The log's address with this filter: the page at its start or behind an entry, or the whole list as a file. */
export function auditAddress(asked: Partial<Asked>, { before = '', csv = false } = {}): string {
  const query = new URLSearchParams(Object.entries({ ...asked, before }).filter(([, value]) => value))
  const path = csv ? '/operator/audit.csv' : '/operator/audit'
  return query.size > 0 ? `${path}?${query}` : path
}

/** The filter as the audit takes it, or what needs a correction. */
export function readAsked(
  view: View,
  asked: Asked,
  sources: readonly Source[],
): { filter: Omit<AuditFilter, 'limit' | 'before'>; errors: FieldError[] } {
  const say = view.say(audit)
  const errors: FieldError[] = []
  const refuse = (name: keyof Asked, message: string) => void errors.push({ field: name, message })

  const kind = AUDIT_KINDS.find((each) => each === asked.kind)
  if (asked.kind && !kind) refuse('kind', say('kindBad'))
  if (asked.source && !sources.some(({ id }) => id === asked.source)) refuse('source', say('sourceBad'))
  if (asked.who.length > 200 || /\s|@/.test(asked.who)) refuse('who', say('whoBad'))
  const since = asked.since ? startOfDay(asked.since) : null
  if (asked.since && since === null) refuse('since', view.say(operator)('dateBad'))
  const until = asked.until ? endOfDay(asked.until) : null
  if (asked.until && until === null) refuse('until', view.say(operator)('dateBad'))
  if (since !== null && until !== null && since > until) refuse('until', say('untilBad'))
  return {
    filter: {
      ...(kind && { kind }),
      ...(asked.source && { source: asked.source }),
      ...(asked.who && { who: asked.who }),
      ...(since !== null && { since }),
      ...(until !== null && { until }),
    },
    errors,
  }
}

export function auditForm(
  view: View,
  { asked, sources, errors }: { asked: Asked; sources: readonly Source[]; errors: readonly FieldError[] },
): Html {
  const say = view.say(audit)
  const sayOperator = view.say(operator)
  const shared = (name: keyof Asked) => ({ name, unmarked: true, error: errorOf(errors, name) })
  return html`<form class="filters" method="get" action="/operator/audit" novalidate>
    ${select(view, {
      ...shared('kind'),
      label: say('kindField'),
      empty: say('kindAny'),
      options: AUDIT_KINDS.map((kind) => ({ value: kind, label: say(`kind-${kind}`) })),
      value: asked.kind,
    })}
    ${select(view, {
      ...shared('source'),
      label: sayOperator('sourceField'),
      empty: sayOperator('sourceAny'),
      options: sources.map(({ id, name }) => ({ value: id, label: name })),
      value: asked.source,
    })}
    ${field(view, { ...shared('who'), label: say('whoField'), help: say('whoHelp'), value: asked.who })}
    ${dateField(view, { ...shared('since'), label: say('sinceField'), value: asked.since })}
    ${dateField(view, { ...shared('until'), label: say('untilField'), value: asked.until })}
    ${button(view, { label: sayOperator('filter'), icon: 'search' })}
    ${!asksNothing(asked) && buttonLink(view, { label: sayOperator('clear'), href: '/operator/audit', kind: 'quiet' })}
  </form>`
}

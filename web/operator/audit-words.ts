import type { AuditEntry } from '../../lrs/index.ts'
import { ORGANISATION_ROLES } from '../../profiles/index.ts'
import { details } from '../components/details.ts'
import { link } from '../components/link.ts'
import { type Html, html } from '../html.ts'
import { audit } from '../i18n/messages/audit.ts'
import { operator } from '../i18n/messages/operator.ts'
import { organisationAddress, rolesWords } from '../organisations/frame.ts'
import type { View } from '../view.ts'
import { personAddress } from './people.ts'
import { statementAddress } from './statements.ts'

/** What ids are called: sources, and those people who are known. */
export interface Names {
  sources: ReadonlyMap<string, string>
  people: ReadonlyMap<string, string>
  organisations: ReadonlyMap<string, string>
}

/** Who did it: a person by name; a command, a credential or a source said to be one. */
export function actorWords(view: View, { actor, credential, source }: AuditEntry, names: Names): Html {
  const say = view.say(audit)
  const name = names.people.get(actor)
  if (name !== undefined) return link({ href: personAddress({ id: actor }), label: name })
  if (actor.startsWith('cli:')) return say('byCommand', { account: actor.slice(4) })
  if (actor === credential) return say('byKey', { key: actor })
  if (actor === source) return say('bySource', { source: names.sources.get(actor) ?? actor })
  return actor === 'start' || actor === 'lrs' || actor === 'demo'
    ? say(`by-${actor}`)
    : html`<code>${actor}</code>`
}

/** What an entry says beside its act, in words. */
export function detailWords(view: View, entry: AuditEntry, names: Names): Html {
  const say = view.say(audit)
  const { action, detail, subjects, of, credential } = entry
  switch (action) {
    case 'foreign-read':
      return say('readDetail', {
        statements: Number(detail.statements ?? 0),
        reads: Number(detail.reads ?? 0),
        of: of.map((id) => names.sources.get(id) ?? id).join(', '),
      })
    case 'void':
      return html`${statementLinks(subjects.slice(0, 1))}${
        subjects[1] &&
        html`<br /><span class="muted small">${say('voidedBy')} </span>${statementLinks([subjects[1]])}`
      }${of[0] && html`<br /><span class="muted small">${say('ofSource', { source: names.sources.get(of[0]) ?? of[0] })}</span>`}`
    case 'purge':
    case 'rewrite': {
      const count = Number(detail.statements ?? subjects.length)
      const body = html`<ul class="plain">${subjects.map((id) => html`<li>${statementLinks([id])}</li>`)}</ul>`
      return details({ summary: say('statements', { count }), body })
    }
    case 'link':
    case 'unlink':
    case 'link-contest':
    case 'link-source':
      return html`${personLink(view, subjects[0], names)}<br /><span class="muted small">${kindWords(view, detail.kind)}</span>`
    case 'merge':
    case 'unmerge':
      return html`${personLink(view, subjects[0], names)} → ${personLink(view, subjects[1], names)}`
    case 'role-grant':
    case 'role-take':
      return html`${personLink(view, subjects[0], names)}<br /><span class="muted small">${
        Array.isArray(detail.roles)
          ? html`${heldRoles(view, detail.roles)} · ${organisationLinks(entry, names)}`
          : roleWords(view, detail.role)
      }</span>`
    case 'hand-over-lessons':
      return html`${personLink(view, subjects[0], names)} → ${personLink(view, subjects[1], names)}<br /><span class="muted small">${say('handedOver', { count: Number(detail.lessons ?? 0) })} ${organisationLinks(entry, names)}</span>`
    case 'lesson-move':
      return html`${personLink(view, subjects[0], names)}<br /><span class="muted small"><a href=${`/author/${encodeURIComponent(String(detail.lesson))}`}>${detail.lesson}</a> ${organisationLinks(entry, names)}</span>`
    case 'confirm':
    case 'confirm-withdraw':
    case 'confirm-decline':
      return html`${personLink(view, subjects[0], names)} ${statementLinks(subjects.slice(1, 2))}<br /><span class="muted small">${organisationLinks(entry, names)}</span>`
    case 'class-enter':
    case 'class-take-back':
      return html`${say('people', { count: Number(detail.people ?? subjects.length) })}<br /><span class="muted small">${organisationLinks(entry, names)}</span>`
    case 'organisation-create':
    case 'organisation-change':
    case 'organisation-close':
    case 'organisation-open':
      return organisationLinks(entry, names)
    case 'invitation-make':
    case 'invitation-revoke':
    case 'invitation-decline':
      return html`${organisationLinks(entry, names)}<br /><span class="muted small">${heldRoles(view, detail.roles)}</span>`
    case 'identifier-add':
    case 'identifier-prove':
    case 'identifier-remove':
      return html`${personLink(view, subjects[0], names)}<br /><span class="muted small">${say(detail.kind === 'phone' ? 'identifier-phone' : 'identifier-mbox')}</span>`
    case 'dispute-make':
    case 'dispute-answer':
    case 'dispute-withdraw':
    case 'claim-code':
    case 'password-change':
    case 'password-recover':
    case 'archive-make':
    case 'consent-answer':
    case 'recovery-codes-make':
    case 'recovery-code-issue':
    case 'sessions-end':
    case 'second-factor-add':
    case 'second-factor-change':
    case 'second-factor-remove':
    case 'second-factor-removal-ask':
    case 'second-factor-keep':
    case 'recovery-code-use':
    case 'passkey-add':
    case 'passkey-remove':
    case 'provider-add':
    case 'provider-remove':
      return personLink(view, subjects[0], names)
    case 'configuration-change':
      return lines(detail.changed)
    case 'library-approve':
    case 'library-refuse':
      return html`${personLink(view, subjects[0], names)}<br />${lines(detail.libraries)}`
    case 'mapping-change':
      return html`<code>${String(detail.note ?? '')}</code>`
    case 'backup':
    case 'rebuild':
      return typeof detail.bytes === 'number' ? view.format.bytes(detail.bytes) : '–'
    default:
      return credential === null
        ? String(detail.name ?? '–')
        : html`<code>${credential}</code>${
            Array.isArray(detail.scopes) &&
            html`<br /><span class="muted small">${say('scopesDetail', { scopes: detail.scopes.join(', ') })}</span>`
          }`
  }
}

function statementLinks(ids: readonly string[]): Html {
  return ids.map((id) => link({ href: statementAddress(id), label: html`<code>${id}</code>` }))
}

function personLink(view: View, id: string | undefined, names: Names): Html {
  if (id === undefined) return '–'
  const name = names.people.get(id)
  return name === undefined
    ? html`<code>${id}</code> ${view.say(audit)('personGone')}`
    : link({ href: personAddress({ id }), label: name })
}

function kindWords(view: View, kind: unknown): string {
  const say = view.say(audit)
  return kind === 'account' || kind === 'mbox' || kind === 'openid' || kind === 'sha1'
    ? say(`identifier-${kind}`)
    : say('identifier-other')
}

function roleWords(view: View, role: unknown): string {
  return role === 'author' || role === 'operator' || role === 'citizen'
    ? view.say(operator)(`role-${role}`)
    : String(role)
}

/** The organisation that an entry is about; none for what is about the whole tenant. */
export function organisationIn({ action, subjects, detail }: AuditEntry): string[] {
  if (typeof detail.organisation === 'string') return [detail.organisation]
  return action.startsWith('organisation-') ? subjects.slice(0, 1) : []
}

function organisationLinks(entry: AuditEntry, { organisations: known }: Names): Html {
  return organisationIn(entry).map((id) =>
    link({ href: organisationAddress({ id }), label: known.get(id) ?? html`<code>${id}</code>` }),
  )
}

function heldRoles(view: View, roles: unknown): string {
  const given = Array.isArray(roles) ? roles : []
  const known = ORGANISATION_ROLES.filter((role) => given.includes(role))
  return known.length > 0 ? rolesWords(view, known) : given.map((role) => roleWords(view, role)).join(', ')
}

function lines(values: unknown): Html {
  const all = Array.isArray(values) ? values.map(String) : []
  return html`<ul class="plain small">${all.map((value) => html`<li><code>${value}</code></li>`)}</ul>`
}

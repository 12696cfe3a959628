import { type Credential, DEFAULT_SCOPES, refuse, SCOPES, type Scope } from '../../../lrs/index.ts'
import { day, defineCommand, table, text, texts } from '../command.ts'

type Issued = { credential: Credential; secret: string }

const KEY = { name: 'KEY', description: 'key of the credential' }

export const credentialCommands = [
  defineCommand<Issued>({
    name: 'credential create',
    summary: 'Give a source a key and a secret',
    words: [],
    options: {
      source: { type: 'string', value: 'ID', description: 'id of the source', required: true },
      label: { type: 'string', value: 'TEXT', description: "what it is for (default: the source's name)" },
      scope: {
        type: 'string',
        value: 'SCOPE',
        multiple: true,
        description: `may be repeated; one of ${SCOPES.join(', ')} (default: ${DEFAULT_SCOPES.join(', ')})`,
      },
      days: { type: 'string', value: 'N', description: 'expires after so many days (default: never)' },
    },
    async run({ sources }, input, by) {
      const id = text(input, 'source') ?? ''
      const scopes = texts(input, 'scope')
      const unknown = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope))
      if (unknown.length > 0) return refuse(unknownScope(unknown))
      const days = text(input, 'days')
      if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) return refuse(BAD_DAYS)
      const label = text(input, 'label') ?? (await sources.get(id))?.name ?? id
      return sources.issue(
        id,
        {
          label,
          expires: days === undefined ? null : Date.now() + Number(days) * 86_400_000,
          ...(scopes.length > 0 ? { scopes: scopes as Scope[] } : {}),
        },
        by,
      )
    },
    show: showIssued,
  }),

  defineCommand<Credential[]>({
    name: 'credential list',
    summary: 'List credentials, without their secrets',
    words: [],
    options: { source: { type: 'string', value: 'ID', description: 'only those of this source' } },
    run: ({ sources }, input) => sources.credentials(text(input, 'source')),
    show: (credentials) =>
      table(
        ['KEY', 'SOURCE', 'SINCE', 'STATE', 'SCOPES', 'LABEL'],
        credentials.map((one) => [
          one.key,
          one.source,
          day(one.created),
          stateOf(one),
          one.scopes.join(' '),
          one.label,
        ]),
        'There is no credential. Next: suotdoi credential create --source ID',
      ),
  }),

  defineCommand<Issued>({
    name: 'credential rotate',
    summary: "Give a credential's owner a new key and secret; the old one stays valid for a while",
    words: [KEY],
    options: {
      hours: { type: 'string', value: 'N', description: 'how long the old one stays valid (default: 24)' },
    },
    async run({ sources }, input, by) {
      const hours = text(input, 'hours') ?? '24'
      if (!/^\d{1,4}$/.test(hours)) return refuse(BAD_HOURS)
      return sources.rotate(input.words.KEY ?? '', by, Number(hours) * 3_600_000)
    },
    show: showIssued,
  }),

  defineCommand<Credential>({
    name: 'credential revoke',
    summary: 'End a credential now',
    words: [KEY],
    options: {},
    run: ({ sources }, input, by) => sources.revoke(input.words.KEY ?? '', by),
    show: (credential) =>
      `Credential ${credential.key} is revoked: within a second nothing is accepted with it.`,
  }),
]

function showIssued({ credential, secret }: Issued): string {
  const wide = credential.scopes.filter((scope) => !DEFAULT_SCOPES.includes(scope))
  return [
    `key     ${credential.key}`,
    `secret  ${secret}`,
    `scopes  ${credential.scopes.join(' ')}`,
    '',
    'The secret is shown this once. Keep it where secrets are kept.',
    ...(wide.length > 0 ? [`Take care: ${wide.join(', ')} reach beyond what this source itself sends.`] : []),
  ].join('\n')
}

function stateOf(credential: Credential): string {
  if (credential.revoked !== null && credential.revoked <= Date.now())
    return `revoked ${day(credential.revoked)}`
  if (credential.expires === null) return 'valid'
  return `${credential.expires <= Date.now() ? 'expired' : 'until'} ${day(credential.expires)}`
}

const unknownScope = (scopes: readonly string[]) => ({
  id: 'command-scope-unknown',
  status: 400,
  path: '--scope',
  message: `${scopes.join(', ')}: no such scope. Choose among ${SCOPES.join(', ')}.`,
})
const BAD_DAYS = {
  id: 'command-days-malformed',
  status: 400,
  path: '--days',
  message: 'Give a whole number of days, such as --days 365.',
}
const BAD_HOURS = {
  id: 'command-hours-malformed',
  status: 400,
  path: '--hours',
  message: 'Give a whole number of hours, such as --hours 24.',
}

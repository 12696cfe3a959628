/** Agents and groups, wherever they may stand. */
import type { Version } from '../../lrs/statement/types.ts'
import { no, set } from './support/change.ts'
import { accepts, type Row, refuses } from './support/requirement.ts'
import { agents, anonymousGroup, full, group, subStatement, withObject } from './support/statements.ts'

type Place = { path: string; base: (version: Version) => unknown }
// biome-ignore lint/suspicious/noExplicitAny: builds any statement
type Built = any

/** A statement whose place holds `actor`. */
const placesOf = (actor: unknown): Place[] => {
  const inSub = (change: (sub: Built) => void) => (version: Version) => {
    const sub = subStatement(version)
    change(sub)
    return withObject(sub)(version)
  }
  return [
    { path: 'actor', base: (version) => ({ ...full(version), actor }) },
    { path: 'object', base: withObject(actor) },
    {
      path: 'context.instructor',
      base: (version) => ({ ...full(version), context: { ...full(version).context, instructor: actor } }),
    },
    {
      path: 'object.actor',
      base: inSub((sub) => {
        sub.actor = actor
      }),
    },
    {
      path: 'object.context.instructor',
      base: inSub((sub) => {
        sub.context.instructor = actor
      }),
    },
  ]
}

const identifier = 'XAPI-00034 XAPI2-4.2.2.1-one-identifier'
const several = 'XAPI-00034 XAPI2-4.2.4.2-one-identifier'
const mbox = 'XAPI-00038 XAPI2-4.2.2.1-mbox'
const sha1 = 'XAPI-00039 XAPI2-4.2.2.1-mbox-sha1sum'
const openid = 'XAPI-00040 XAPI2-4.2.2.1-openid'

const agentRows = (at: string): Row[] => [
  ['XAPI-00031 XAPI2-4.2.2.1-object-type', set(`${at}.objectType`, 'Person')],
  ['XAPI-00032 XAPI2-4.2.2.1-object-type', set(`${at}.objectType`, 7)],
  ['XAPI-00032 XAPI2-4.2.2.1-object-type', set(`${at}.objectType`, {})],
  ['XAPI-00033 XAPI2-4.2.2.1-name', set(`${at}.name`, 7)],
  ['XAPI-00033 XAPI2-4.2.2.1-name', set(`${at}.name`, { vi: 'An' })],
  [identifier, no(`${at}.mbox`)],
  [several, set(`${at}.openid`, 'https://hoc.example/openid/an')],
  [several, set(`${at}.mbox_sha1sum`, 'a'.repeat(40))],
  [several, set(`${at}.account`, { homePage: 'https://hoc.example', name: 'an' })],
  [mbox, set(`${at}.mbox`, 7)],
  [mbox, set(`${at}.mbox`, { mailto: 'an@hoc.example' })],
  [mbox, set(`${at}.mbox`, 'an@hoc.example')],
  [mbox, set(`${at}.mbox`, 'mailto:an')],
  [mbox, set(`${at}.mbox`, 'https://hoc.example/an')],
]
const otherIdentifierRows = (at: string): Record<'mbox_sha1sum' | 'openid' | 'account', Row[]> => ({
  mbox_sha1sum: [
    [sha1, set(`${at}.mbox_sha1sum`, 7)],
    [sha1, set(`${at}.mbox_sha1sum`, {})],
    [sha1, set(`${at}.mbox_sha1sum`, 'x'.repeat(40))],
    [sha1, set(`${at}.mbox_sha1sum`, 'a'.repeat(39))],
  ],
  openid: [
    [openid, set(`${at}.openid`, 7)],
    [openid, set(`${at}.openid`, {})],
    [openid, set(`${at}.openid`, 'an')],
  ],
  account: [
    ['XAPI-00041 XAPI2-4.2.2.1-account', set(`${at}.account`, 'an')],
    ['XAPI-00041 XAPI2-4.2.2.1-account', set(`${at}.account`, [])],
    ['XAPI-00041 XAPI2-4.2.2.1-account', set(`${at}.account.email`, 'an@hoc.example')],
    ['XAPI-00042 XAPI2-4.2.2.1-account-home-page', no(`${at}.account.homePage`)],
    ['XAPI-00042 XAPI2-4.2.2.1-account-home-page', set(`${at}.account.homePage`, 7)],
    ['XAPI-00042 XAPI2-4.2.2.1-account-home-page', set(`${at}.account.homePage`, 'hoc.example')],
    ['XAPI-00043 XAPI2-4.2.2.1-account-name', no(`${at}.account.name`)],
    ['XAPI-00043 XAPI2-4.2.2.1-account-name', set(`${at}.account.name`, 7)],
    ['XAPI-00043 XAPI2-4.2.2.1-account-name', set(`${at}.account.name`, {})],
  ],
})

for (const { path, base } of placesOf(agents.mbox())) refuses(base, agentRows(path))
for (const kind of ['mbox_sha1sum', 'openid', 'account'] as const)
  for (const { path, base } of placesOf(agents[kind]())) refuses(base, otherIdentifierRows(path)[kind])

for (const { path, base } of placesOf(group())) {
  refuses(base, [
    ['XAPI-00037 XAPI2-4.2.2.1-group-identifier', set(`${path}.openid`, 'https://hoc.example/openid/to')],
    ['XAPI-00037 XAPI2-4.2.2.1-group-identifier', set(`${path}.mbox`, 'to@hoc.example')],
    ['XAPI-00036 XAPI2-4.2.2.1-member', set(`${path}.member`, agents.mbox('binh'))],
    ['XAPI-00036 XAPI2-4.2.2.1-member', set(`${path}.member`, ['binh'])],
    ['XAPI-00036 XAPI2-4.2.2.1-member', set(`${path}.member[0].mbox`, 'binh')],
    ['XAPI-00036 XAPI2-4.2.4.2-no-nested-group', set(`${path}.member[0]`, anonymousGroup())],
  ])
  accepts(base, [['XAPI-00037 XAPI2-4.2.2.1-group-identifier', no(`${path}.member`)]])
}

for (const { path, base } of placesOf(anonymousGroup())) {
  refuses(base, [
    ['XAPI-00035 XAPI2-4.2.2.1-anonymous-group', no(`${path}.member`)],
    ['XAPI-00036 XAPI2-4.2.2.1-member', set(`${path}.member[1]`, { name: 'chi' })],
    ['XAPI-00036 XAPI2-4.2.4.2-no-nested-group', set(`${path}.member[1]`, group())],
  ])
}

accepts(full, [
  ['XAPI-00031 XAPI2-4.2.2.1-object-type', no('actor.objectType')],
  ['XAPI-00034 XAPI2-4.2.2.1-one-identifier', set('actor', agents.mbox_sha1sum())],
  ['XAPI-00034 XAPI2-4.2.2.1-one-identifier', set('actor', agents.openid())],
  ['XAPI-00034 XAPI2-4.2.2.1-one-identifier', set('actor', agents.account())],
  ['XAPI-00033 XAPI2-4.2.2.1-name', no('actor.name')],
])

refuses(full, [
  ['XAPI-00088 XAPI2-4.2.2.5-team', set('context.team', agents.mbox())],
  ['XAPI-00037 XAPI2-4.2.2.1-group', set('context.team.objectType', 'Agent')],
  ['XAPI-00037 XAPI2-4.2.2.1-group', no('context.team.objectType')],
  ['XAPI-00088 XAPI2-4.2.2.5-team', set('context.team.mbox', 'to-2')],
  ['XAPI-00088 XAPI2-4.2.2.5-team', set('context.team', 'to-2')],
  ['XAPI-00087-2 XAPI2-4.2.2.5-instructor', set('context.instructor', 'giao-vien')],
  ['XAPI-00087-2 XAPI2-4.2.2.5-instructor', set('context.instructor', { name: 'giao-vien' })],
])

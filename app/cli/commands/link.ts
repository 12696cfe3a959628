import { agentKey, type Refusal, refuse } from '../../../lrs/index.ts'
import type { Link } from '../../../profiles/index.ts'
import { type CommandInput, type CommandOption, day, defineCommand, text } from '../command.ts'
import { findPerson } from './person.ts'

const IDENTIFIER: Record<string, CommandOption> = {
  'home-page': { type: 'string', value: 'URL', description: 'account: home page of the system' },
  account: { type: 'string', value: 'NAME', description: 'account: name (or number) of the person there' },
  mbox: { type: 'string', value: 'MAIL', description: 'or: an e-mail address, mailto:…' },
  'mbox-sha1sum': { type: 'string', value: 'HEX', description: 'or: the SHA-1 of mailto:…' },
  openid: { type: 'string', value: 'URL', description: 'or: an OpenID' },
}
const REASON: CommandOption = {
  type: 'string',
  value: 'TEXT',
  description: 'how it is known; kept with the link',
  required: true,
}

export const linkCommands = [
  defineCommand<Link>({
    name: 'link',
    summary: 'Tie an identifier that an LMS uses to a person; what was sent under it joins the record',
    words: [],
    options: {
      person: {
        type: 'string',
        value: 'WHO',
        description: 'e-mail, phone number or id of the person',
        required: true,
      },
      ...IDENTIFIER,
      reason: REASON,
      'document-number': {
        type: 'string',
        value: 'NUMBER',
        description: 'number of the paper by which it was decided',
        required: true,
      },
      'document-date': { type: 'string', value: 'DATE', description: 'its date, 2026-11-24', required: true },
    },
    async run({ profiles }, input, by) {
      const agent = identifier(input)
      if (typeof agent !== 'string') return agent
      const person = await findPerson(profiles, text(input, 'person') ?? '')
      if ('ok' in person) return person
      const number = text(input, 'document-number') ?? ''
      const date = text(input, 'document-date') ?? ''
      const link = await profiles.links.link({
        agent,
        person: person.id,
        how: 'operator',
        proof: { document: { number, date } },
        by,
        reason: text(input, 'reason') ?? '',
      })
      await profiles.settled()
      return link
    },
    show: (link) => `${link.agent} belongs to person ${link.person} since ${day(link.since)}.`,
  }),

  defineCommand<Link>({
    name: 'unlink',
    summary: 'End a link; what was sent under the identifier leaves the record',
    words: [],
    options: { ...IDENTIFIER, reason: REASON },
    async run({ profiles }, input, by) {
      const agent = identifier(input)
      if (typeof agent !== 'string') return agent
      const link = await profiles.links.unlink({ agent, by, reason: text(input, 'reason') ?? '' })
      await profiles.settled()
      return link
    },
    show: (link) => `${link.agent} does not belong to person ${link.person} any more.`,
  }),
]

/** The agent key of the one identifier that was given. */
function identifier(input: CommandInput): string | Refusal {
  const mbox = text(input, 'mbox')
  const sha1 = text(input, 'mbox-sha1sum')
  const openid = text(input, 'openid')
  const homePage = text(input, 'home-page')
  const name = text(input, 'account')
  const given = [mbox, sha1, openid, homePage ?? name].filter((one) => one !== undefined)
  if (given.length !== 1 || (homePage === undefined) !== (name === undefined)) return refuse(ONE_IDENTIFIER)
  if (mbox !== undefined) return `mbox:mailto:${mbox.replace(/^mailto:/, '')}`
  return (
    agentKey({
      ...(sha1 === undefined ? {} : { mbox_sha1sum: sha1 }),
      ...(openid === undefined ? {} : { openid }),
      ...(homePage === undefined || name === undefined ? {} : { account: { homePage, name } }),
    }) ?? refuse(ONE_IDENTIFIER)
  )
}

const ONE_IDENTIFIER = {
  id: 'command-identifier-count',
  status: 400,
  message:
    'Name exactly one identifier: --home-page URL with --account NAME, or --mbox, or --mbox-sha1sum, or --openid.',
}

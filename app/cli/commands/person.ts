import { type Problem, type Refusal, refuse } from '../../../lrs/index.ts'
import type { Person, Profiles, Role } from '../../../profiles/index.ts'
import { day, defineCommand, table, text } from '../command.ts'

const ROLES: readonly Role[] = ['author', 'operator']

export const personCommands = [
  defineCommand<{ persons: Person[]; next: string | null }>({
    name: 'person list',
    summary: 'List people with their roles, a hundred at a time',
    words: [],
    options: { after: { type: 'string', value: 'ID', description: 'go on behind an earlier page' } },
    run({ profiles }, input) {
      const after = text(input, 'after')
      return profiles.accounts.list({ limit: 100, ...(after === undefined ? {} : { after }) })
    },
    show: ({ persons, next }) =>
      table(
        ['ID', 'SINCE', 'ROLES', 'NAME'],
        persons.map((one) => [one.id, day(one.created), one.roles.join(' '), one.name]),
        'Nobody has registered yet.',
      ) + (next === null ? '' : `\nThere are more: suotdoi person list --after ${next}`),
  }),

  defineCommand<Person>({
    name: 'person role',
    summary: 'Make a person an author or an operator',
    words: [
      { name: 'WHO', description: 'e-mail, phone number or id of the person' },
      { name: 'ROLE', description: ROLES.join(' or ') },
    ],
    options: {},
    async run({ profiles }, input, by) {
      const role = ROLES.find((one) => one === input.words.ROLE)
      if (!role) return refuse(UNKNOWN_ROLE)
      const person = await findPerson(profiles, input.words.WHO ?? '')
      if ('ok' in person) return person
      if (person.mergedInto !== undefined) return refuse(MERGED)
      await profiles.accounts.grant(person.id, role, by)
      return (await profiles.accounts.get(person.id)) ?? person
    },
    show: (person) => `${person.name} is now: ${person.roles.join(', ')}.`,
  }),

  defineCommand<{ link: string }>({
    name: 'operator recover',
    summary: 'Print a link that makes whoever opens it an operator; it works once, within the hour',
    words: [],
    options: {},
    async run({ profiles, publicUrl }, _input, by) {
      return { link: `${publicUrl()}/join#${await profiles.invitations.makeOperator(by)}` }
    },
    show: ({ link }) => link,
  }),

  defineCommand<{ path: string | null }>({
    name: 'setup-link',
    summary: 'Print a new set-up link for the first operator',
    words: [],
    options: {},
    async run({ profiles, publicUrl }) {
      const token = await profiles.accounts.setupToken()
      return { path: token === null ? null : `${publicUrl()}/setup/${token}` }
    },
    show: ({ path }) =>
      path ?? 'There is an operator already. Another one is made with: suotdoi person role WHO operator',
  }),
]

/** A person by id, e-mail or phone number. */
export async function findPerson(profiles: Profiles, who: string): Promise<Person | Refusal> {
  const person = (await profiles.accounts.get(who)) ?? (await profiles.accounts.find(who))
  return person ?? refuse(UNKNOWN_PERSON)
}

const UNKNOWN_PERSON = {
  id: 'command-person-unknown',
  status: 404,
  message:
    'No such person. Give the id, e-mail address or phone number with which they registered (suotdoi person list).',
}
const MERGED: Problem = {
  id: 'person-merged',
  status: 409,
  message: 'This person was found to be another one. Name that one.',
}
const UNKNOWN_ROLE = {
  id: 'command-role-unknown',
  status: 400,
  message: `The role is one of ${ROLES.join(', ')}; a citizen is everybody.`,
}

import { readConfig } from '../app/config.ts'
import { openServices } from '../app/services.ts'
import { agentKey } from '../lrs/index.ts'
import { agreeingToAll, type Profiles } from '../profiles/index.ts'

/** A person who registered, and who signs in with this. */
export interface Somebody {
  id: string
  identifier: string
  password: string
}

export interface Account {
  homePage: string
  name: string
}

/**
 * Registers people and ties accounts to them, in turn, as the commands of the product do while no server runs on the
 * store that `environment` names.
 */
export async function registerPeople(
  environment: Readonly<Record<string, string>>,
  count: number,
  accounts: readonly Account[],
): Promise<Somebody[]> {
  const read = readConfig(environment)
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  const { profiles, close } = opened.services
  try {
    const people: Somebody[] = []
    for (let number = 0; number < count; number++) people.push(await somebody(profiles, number))
    await Promise.all(
      accounts.map(async (account, index) => {
        const linked = await profiles.links.link({
          agent: agentKey({ account })!,
          person: people[index % people.length]!.id,
          how: 'operator',
          proof: { document: { number: 'bench', date: '2026-01-05' } },
          by: 'bench',
          reason: 'bench',
        })
        if ('ok' in linked) throw new Error(linked.problems[0]?.message)
      }),
    )
    await profiles.settled()
    return people
  } finally {
    await close()
  }
}

/** Registers the person of this number. */
export async function somebody({ accounts }: Pick<Profiles, 'accounts'>, number: number): Promise<Somebody> {
  const identifier = `cong-dan-${number}@mau.example`
  const password = `mat-khau-${(number * 2_654_435_761).toString(36)}-bench`
  const person = await accounts.register({
    identifier,
    password,
    name: `Công dân ${number}`,
    language: 'vi',
    consents: agreeingToAll('registration'),
  })
  if ('ok' in person) throw new Error(person.problems[0]?.message)
  return { id: person.id, identifier, password }
}

/** Signs in as a browser does. Resolves to the cookie. */
export async function signIn(url: string, { identifier, password }: Somebody): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ identifier, password }),
    redirect: 'manual',
  })
  const cookies = answer.headers.getSetCookie()
  if (answer.status !== 303 || cookies.length === 0)
    throw new Error(`The sign-in was answered ${answer.status}`)
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ')
}

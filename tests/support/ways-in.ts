import { TOTP } from 'otpauth'
import type { Refusal } from '../../lrs/index.ts'
import type { Person, Profiles } from '../../profiles/index.ts'
import { createSoftAuthenticator } from './soft-authenticator.ts'

function must<T>(outcome: T | Refusal): T {
  if (typeof outcome === 'object' && outcome !== null && 'ok' in outcome)
    throw new Error(JSON.stringify(outcome))
  return outcome as T
}

/** Changes everything by which a person signs in, each thing once; returns what no log may know of it. */
export async function changeWaysIn(profiles: Profiles, person: Person, officer: string): Promise<string[]> {
  const document = 'Căn cước của chị Nguyệt'
  const { code } = must(await profiles.recovery.issueByStaff(person.id, { by: officer, document }))
  const paper = await profiles.recovery.print(person.id)
  return [
    code,
    document,
    ...paper,
    ...(await changeSecondFactor(profiles, person, paper)),
    ...(await changePasskeys(profiles, person)),
    ...(await changeProviders(profiles, person)),
    ...(await changeIdentifiers(profiles, person)),
  ]
}

async function changeSecondFactor({ secondFactors }: Profiles, person: Person, paper: readonly string[]) {
  const turnOn = async (step: number) => {
    await secondFactors.begin(person)
    const { secret } = (await secondFactors.draft(person, 'x'))!
    const code = (at: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + at * 30_000 })
    must(await secondFactors.confirm(person, code(step)))
    return { secret, code }
  }
  const first = await turnOn(0)
  const { secret, code } = await turnOn(-1)
  must(await secondFactors.use(person, paper[0]!))
  await secondFactors.askRemoval(person)
  await secondFactors.keep(person)
  must(await secondFactors.remove(person, code(1)))
  return [first.secret, secret]
}

async function changePasskeys({ passkeys }: Profiles, person: Person): Promise<string[]> {
  const site = { origin: 'https://hoc.tinh.example', name: 'x' }
  const name = 'Điện thoại của chị Nguyệt'
  const { options, challenge } = await passkeys.registration(person, site)
  const response = createSoftAuthenticator(site.origin).create(options)
  const { id } = must(await passkeys.add(person, { site, challenge, response, name }))
  await passkeys.remove(person.id, id)
  return [name, id, challenge]
}

async function changeProviders({ providerTies }: Profiles, person: Person): Promise<string[]> {
  const subject = '033190012345'
  const tie = providerTies.tieOf({ issuer: 'https://id.example', subject })
  must(await providerTies.add(person.id, { tie, provider: 'test' }))
  must(await providerTies.remove(person.id, tie))
  return [subject]
}

async function changeIdentifiers({ identifiers, recovery }: Profiles, person: Person): Promise<string[]> {
  const ticket = 'a ticket of this browser'
  const [held] = await identifiers.of(person.id)
  const added = 'chi-nguyet@moi.example'
  const codes = []
  for (const identifier of [held!.value, added]) {
    const { code } = must(await identifiers.ask(person.id, { identifier, ticket }))
    must(await identifiers.prove(person.id, { identifier, ticket, code: code! }))
    codes.push(code!)
  }
  must(await identifiers.remove(person.id, added))
  const identifier = held!.value
  const { code } = must(await recovery.ask({ identifier, ticket }))
  const password = 'thêm một câu hoàn toàn khác'
  must(await recovery.recover({ identifier, ticket, code: code!, password }))
  return [...codes, code!, ticket, added, password]
}

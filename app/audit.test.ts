import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as lrsFace from '../lrs/index.ts'
import { AUDIT_KIND, type AuditAction, createAuditConsumer, runConsumers } from '../lrs/index.ts'
import type { ProfilesPart } from '../profiles/index.ts'
import { PAPER } from '../tests/support/profiles-world.ts'
import { changeWaysIn } from '../tests/support/ways-in.ts'
import { readConfig } from './config.ts'
import { noteConfiguration } from './configuration-audit.ts'
import { OWN_RECORD, openServices, type Services } from './services.ts'

let dataDir: string
let services: Services
let config: Extract<ReturnType<typeof readConfig>, { ok: true }>['config']
const mask = process.umask()
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'audit-'))
  const read = readConfig({ DATA_DIR: dataDir })
  if (!read.ok) throw new Error(read.messages.join())
  config = read.config
  const opened = await openServices(config)
  if (!opened.ok) throw new Error(opened.message)
  services = opened.services
})
afterAll(async () => {
  await services.close()
  process.umask(mask)
  await rm(dataDir, { recursive: true })
})

function must<T>(outcome: T): Exclude<T, { ok: false }> {
  if (typeof outcome === 'object' && outcome !== null && 'ok' in outcome && outcome.ok === false)
    throw new Error(JSON.stringify(outcome))
  return outcome as Exclude<T, { ok: false }>
}
const PRIVATE = {
  name: 'Nguyễn Thị Ánh Nguyệt',
  identifier: 'nguyet@example.org',
  password: 'con ong chăm chỉ',
  mbox: 'mailto:nguyet@truong.example',
  account: 'hoc-vien-0912345678',
  reason: 'Trường xác nhận cho chị Nguyệt',
}
/**
 * Another tenant's entries are its own; the record is rebuilt by a command; lessons are h5p's, sessions and archives are asked
 * for on pages; what centres say is tried with them (profiles/confirmations, profiles/classes).
 */
const OF_OTHERS = [
  ...['tenant-create', 'rebuild', 'hand-over-lessons', 'lesson-move', 'sessions-end', 'archive-make'],
  ...['library-approve', 'library-refuse'],
  ...['confirm', 'confirm-withdraw', 'confirm-decline', 'class-enter', 'class-take-back'],
]
const statement = (mbox: string, id = randomUUID()) => ({
  id,
  actor: { objectType: 'Agent', mbox },
  verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
  object: { id: 'https://example.org/a/1' },
})

test('each kind of change leaves its entry, with who did it and to what, and without anything private', async () => {
  const { sources, profiles, lrs, tenants, tenant, storage, audit, tenantStorage } = services
  const { accounts, links } = profiles

  await tenants.create('khac', 'Khác', 'cli:test')
  const source = must(await sources.create({ name: 'Moodle', kind: 'lms' }, 'officer'))
  must(await sources.change(source.id, { name: 'Moodle 2' }, 'officer'))
  const issued = must(await sources.issue(source.id, { label: 'Máy chủ' }, 'officer'))
  const rotated = must(await sources.rotate(issued.credential.key, 'officer'))
  must(await sources.narrow(rotated.credential.key, ['statements/write'], 'officer'))
  must(await sources.revoke(rotated.credential.key, 'officer'))

  const token = (await accounts.setupToken())!
  const { name, identifier, password, reason } = PRIVATE
  const officer = must(await accounts.setUp(token, { name, identifier, password, language: 'vi' }))
  const person = must(await accounts.register({ name, identifier: '0912345678', password, language: 'vi' }))
  await accounts.grant(person.id, 'author', officer.id)
  const asked = { purpose: 'learning-record', version: 1, language: 'vi', where: 'page' } as const
  for (const answer of ['yes', 'no'] as const)
    must(await profiles.consents.answer(person.id, { ...asked, answer }))
  must(await accounts.changePassword(person.id, { current: password, password: 'một câu khác hẳn thế' }))

  const secretsOfWays = await changeWaysIn(profiles, person, officer.id)
  const secretsOfPlaces = await tellOfOrganisations(profiles, officer.id, person.id)

  const agent = `account:https://lms.example.org ${PRIVATE.account}`
  must(await links.link({ agent, person: person.id, how: 'operator', proof: PAPER, by: officer.id, reason }))
  must(await links.unlink({ agent, by: officer.id, reason }))
  const mbox = { agent: `mbox:${PRIVATE.mbox}`, person: person.id }
  must(await links.link({ ...mbox, how: 'email-code', by: person.id, reason, sources: [] }))
  must(await links.decide({ ...mbox, source: source.id, mine: true }))
  must(await links.contest(mbox))
  const { code } = await profiles.claims.makeCode(person.id)
  const second = must(await accounts.register({ name, identifier: '0912345679', password, language: 'vi' }))
  must(await profiles.merges.merge({ from: second.id, into: person.id, by: officer.id, reason }))
  must(await profiles.merges.undo({ from: second.id, by: officer.id, reason }))
  await profiles.settled()

  const caller = await sources.callerOf(source.id, 'key', ['statements/write', 'statements/read/mine'])
  const voided = statement(PRIVATE.mbox)
  const kept = statement(PRIVATE.mbox)
  const voiding = {
    ...statement(PRIVATE.mbox),
    verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
    object: { objectType: 'StatementRef', id: voided.id },
  }
  for (const one of [voided, kept, voiding])
    must(await lrs.recordStatements(caller, { version: '1.0.3', statements: [one] }))
  await lrs.rekeyAgent(`mbox:${PRIVATE.mbox}`, 'mbox:mailto:moi@truong.example', reason)
  await lrs.purge([kept.id], reason)
  const { collections, statements } = tenantStorage
  const consumers = runConsumers(tenantStorage, [createAuditConsumer({ tenant, collections, statements })])
  await consumers.idle()
  await consumers.stop()

  must(await profiles.consents.answer(person.id, { ...asked, answer: 'yes' }))
  await profiles.settled()
  const words = await tellOfDisputes(person.id, officer.id)
  const reader = { ...(await sources.callerOf(services.product.id, 'web', ['all/read'])), person: officer.id }
  await lrs.getStatement(reader, voided.id)
  await services.foreignReads.flush()
  await noteConfiguration(storage, tenant, config)
  const topic = { id: 'urn:topic:1', vi: 'Chủ đề', en: 'Topic' }
  must(await profiles.mapping.change({ do: 'put-topic', topic }, { by: officer.id, expects: 1 }))
  await audit.append({ action: 'backup', actor: 'cli:test', detail: { bytes: 1 } })

  const { entries } = await audit.read({ limit: 1_000 })
  const told = (action: AuditAction) => entries.filter((entry) => entry.action === action)
  const wanted = (Object.keys(AUDIT_KIND) as AuditAction[]).filter((action) => !OF_OTHERS.includes(action))
  for (const action of wanted) expect(told(action), action).not.toHaveLength(0)
  expect(told('role-take').map(({ actor, subjects }) => [actor, subjects[0]])).toEqual([
    [officer.id, person.id],
    [officer.id, person.id],
  ])
  const ofTenant = told('role-grant').filter(({ detail }) => 'role' in detail)
  expect(ofTenant.map(({ actor, subjects, detail }) => [actor, subjects, detail.role])).toEqual([
    [officer.id, [person.id], 'author'],
    [officer.id, [officer.id], 'operator'],
  ])
  expect(told('link')).toContainEqual(expect.objectContaining({ actor: officer.id, subjects: [person.id] }))
  expect(told('consent-answer').map(({ actor, detail }) => [actor, detail.answer, detail.version])).toEqual([
    [person.id, 'yes', 1],
    [person.id, 'no', 1],
    [person.id, 'yes', 1],
  ])
  expect(told('password-change')[0]).toMatchObject({ actor: person.id, subjects: [person.id] })
  expect(told('void')[0]).toMatchObject({ source: source.id, subjects: [voided.id, voiding.id] })
  expect(told('purge')[0]).toMatchObject({ subjects: [kept.id] })
  expect(told('rewrite').flatMap(({ subjects }) => subjects)).toContain(voided.id)
  expect(told('foreign-read')[0]).toMatchObject({ actor: officer.id, credential: 'web', of: [source.id] })

  const all = JSON.stringify(entries)
  const secrets = [issued.secret, rotated.secret, token, code, words, ...secretsOfPlaces, ...secretsOfWays]
  for (const one of [...Object.values(PRIVATE), ...secrets, '0912345678', 'nguyet@'])
    expect(all).not.toContain(one)
})

/** A line that its person says is wrong, twice; returns what they wrote. */
async function tellOfDisputes(person: string, officer: string): Promise<string> {
  const { lrs, sources, profiles, disputes, product, accountHomePage, tenantStorage } = services
  const one = {
    ...statement(PRIVATE.mbox),
    actor: { objectType: 'Agent', account: { homePage: accountHomePage, name: person } },
  }
  const caller = await sources.callerOf(product.id, 'h5p', ['statements/write'])
  must(await lrs.recordStatements(caller, { version: '1.0.3', statements: [one] }))
  const consumers = runConsumers(tenantStorage, [profiles.consumer])
  await consumers.idle()
  await consumers.stop()
  const [line] = (await profiles.transcript.lines(person, { limit: 1 })).lines
  const words = 'Chị Nguyệt không học bài này'
  const input = { kind: 'not-mine', words, asksVoid: true }
  const withdrawn = must(await disputes.make(person, line!.id, input))
  must((await disputes.withdraw(person, withdrawn.id)) ?? {})
  const asked = must(await disputes.make(person, line!.id, input))
  must(
    await disputes.answer(asked.id, { queue: asked, by: officer, outcome: 'corrected', words, voids: true }),
  )
  return words
}

/** All that happens to an organisation, its invitations and the roles in it; returns the secrets of its invitations. */
async function tellOfOrganisations(
  profiles: ProfilesPart,
  officer: string,
  person: string,
): Promise<string[]> {
  const { accounts, organisations, memberships, invitations } = profiles
  const details = { name: 'Trường A', nameEn: '', kind: 'school', parent: null }
  const { id: organisation } = must(await organisations.create(details, officer))
  must(await organisations.change(organisation, { ...details, kind: 'other' }, officer))
  const asked = { organisation, roles: ['author' as const], uses: 1, days: 1, by: officer }
  const made = [
    must(await invitations.make({ ...asked, kind: 'link' })),
    must(await invitations.make({ ...asked, kind: 'code' })),
    must(await invitations.make({ ...asked, kind: 'link' })),
  ] as const
  must(await invitations.accept(made[0].secret, person))
  await invitations.decline(made[1].secret, person)
  await invitations.revoke(organisation, made[2].invitation.id, officer)
  const { reason } = PRIVATE
  must((await memberships.setRoles({ organisation, person, roles: [], reason, by: officer })) ?? {})
  must(await organisations.setState(organisation, 'closed', officer))
  must(await organisations.setState(organisation, 'active', officer))
  must(await accounts.take(person, 'author', officer, reason))
  const link = await invitations.makeOperator('cli:test')
  return [...made.map(({ secret }) => secret), link]
}

test('people who look at their own record are not told of as reading what others sent', async () => {
  const { sources, lrs, audit, product, foreignReads } = services
  const source = must(await sources.create({ name: 'Sakai', kind: 'lms' }, 'officer'))
  const caller = await sources.callerOf(source.id, 'key', ['statements/write'])
  const one = statement(PRIVATE.mbox)
  must(await lrs.recordStatements(caller, { version: '1.0.3', statements: [one] }))
  expect(
    await lrs.getStatement(await sources.callerOf(product.id, OWN_RECORD, ['all/read']), one.id),
  ).not.toBeNull()
  await foreignReads.flush()
  expect((await audit.read({ kind: 'read', source: source.id, limit: 10 })).entries).toEqual([])
})

test('nothing that the record store offers to other parts takes an entry out or changes it', () => {
  const offered = Object.keys(lrsFace).filter((name) => /audit/i.test(name))
  expect(offered.sort()).toEqual([
    'AUDIT_KIND',
    'AUDIT_KINDS',
    'appendAudit',
    'checkAudit',
    'createAuditConsumer',
    'readAudit',
    'sealAudit',
  ])
  expect(lrsFace.appendAudit({ tenant: 't', actor: 'a', action: 'link' }).op).toBe('insert')
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentKey, type Caller, type Lrs, statementKey } from '../../lrs/index.ts'
import { type CentreSite, openCentreSite } from '../../tests/support/centre-site.ts'
import type { Organisation, Person } from '../index.ts'
import { type ConfirmationsDeps, type ConfirmInput, createConfirmations } from './confirmations.ts'
import { CONFIRMATIONS } from './documents.ts'

let site: CentreSite
let centre: Organisation
let other: Organisation
let staff: Person
let colleague: Person
let caller: Caller

beforeAll(async () => {
  site = await openCentreSite()
  centre = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu')
  other = await site.organisation('Trường THPT Sông Hồng')
  staff = await site.person('staff', 'Phạm Văn Xác')
  colleague = await site.person('colleague', 'Vũ Thị Nhận')
  for (const each of [staff, colleague]) await site.join(centre, each, 'centre-staff')
  await site.join(other, colleague, 'officer')
  const { sources } = site.services
  const source = await sources.create({ name: 'Khác', kind: 'centre' }, 'test')
  if ('ok' in source) throw new Error(JSON.stringify(source))
  caller = await sources.callerOf(source.id, 'centre', ['statements/write', 'define'])
})
afterAll(() => site.close())

/** The statement by which the latest entry stands. */
async function statementOf(person: Person): Promise<string> {
  const [line] = await site.lines(person)
  return line!.statements.at(-1)!
}

async function learner(who: string) {
  const person = await site.person(who, `Nguyễn Thị ${who}`)
  const entry = await site.learn(person, 'cách ủ phân từ rơm')
  return { person, entry, statement: await statementOf(person) }
}

const tryToConfirm = (asked: ConfirmInput) => site.services.confirmations.confirm(asked)

async function confirm(statement: string, change: Partial<ConfirmInput> = {}) {
  const asked = { organisation: centre.id, statement, by: staff.id, original: false, ...change }
  const outcome = await tryToConfirm(asked)
  if ('ok' in outcome) throw new Error(JSON.stringify(outcome))
  return outcome
}

/** What stands under a person's own account, and by which kind of source. */
async function standing(person: Person) {
  const agent = agentKey({ account: { homePage: site.services.accountHomePage, name: person.id } })!
  const page = await site.services.tenantStorage.statements.query({
    ...{ keys: [statementKey.actor(agent)], ascending: true, limit: 50, maxBytes: 1e6, fresh: true },
    includeVoided: true,
  })
  const kinds = await Promise.all(
    page.statements
      .filter(({ voided, voiding }) => !voided && !voiding)
      .map(async ({ source, text }) => ({
        kind: (await site.services.sources.get(source))?.kind,
        source,
        told: JSON.parse(text),
      })),
  )
  return kinds
}
const levels = async (person: Person) => {
  await site.caughtUp()
  return (await site.lines(person)).map(({ level }) => level).sort()
}

/** A part of its own, whose record store fails. */
function failing(recordStatements: Lrs['recordStatements']) {
  const { tenantStorage, sources, accountHomePage } = site.services
  const deps: ConfirmationsDeps = {
    collections: tenantStorage.collections,
    statements: tenantStorage.statements,
    sourceKind: async (id) => (await sources.get(id))?.kind ?? null,
    teller: { people: accountHomePage, organisations: 'urn:organisations' },
    lrs: { recordStatements },
    centreOf: async () => caller,
    audit: () => ({ op: 'put', collection: { name: 'test.audit', indexes: {} }, key: 'x', value: {} }),
    now: Date.now,
  }
  return createConfirmations(deps)
}

describe('a confirmation', () => {
  test('tells the person’s own statement again, by a source of the organisation’s own', async () => {
    const { person, statement } = await learner('an')
    expect(await levels(person)).toEqual(['tu-khai'])
    const made = await confirm(statement)
    expect(made).toMatchObject({ state: 'standing', by: staff.id, subject: { statement, person: person.id } })
    const [own, told] = await standing(person)
    expect([own?.kind, told?.kind]).toEqual(['diary', 'centre'])
    for (const part of ['actor', 'verb', 'object', 'result', 'timestamp'])
      expect(told?.told[part], part).toEqual(own?.told[part])
    expect(told?.told.context).toMatchObject({
      statement: { objectType: 'StatementRef', id: statement },
      instructor: { account: { name: staff.id } },
      team: { objectType: 'Group', account: { name: centre.id } },
    })
    expect(told?.told.authority).toMatchObject({ name: centre.name })
    // One line, told by both.
    expect(await levels(person)).toEqual(['xac-nhan'])
    const [line] = await site.lines(person)
    expect(line?.tellers?.map(({ level }) => level)).toEqual(['xac-nhan', 'tu-khai'])
    // The same once more is told once.
    expect(await confirm(statement, { by: colleague.id })).toEqual(made)
    expect(await standing(person)).toHaveLength(2)
    expect(
      (await site.services.sources.list()).filter((each) => each.organisation === centre.id),
    ).toHaveLength(1)
  })

  test('is withdrawn with a reason, and may be given again', async () => {
    const { person, statement } = await learner('binh')
    await confirm(statement)
    const { withdraw, of } = site.services.confirmations
    const asked = { organisation: centre.id, statement, by: colleague.id }
    expect(await withdraw({ ...asked, reason: ' ' })).toMatchObject({
      problems: [{ id: 'confirm-reason-missing' }],
    })
    expect(await withdraw({ ...asked, reason: 'số 001 099 012 345' })).toMatchObject({
      problems: [{ id: 'confirm-reason-number' }],
    })
    const elsewhere = { ...asked, organisation: other.id, reason: 'nhầm người' }
    expect(await withdraw(elsewhere)).toMatchObject({ status: 404 })
    expect(await withdraw({ ...asked, reason: 'nhầm người' })).toMatchObject({
      state: 'withdrawn',
      ended: { by: colleague.id, reason: 'nhầm người' },
    })
    expect(await withdraw({ ...asked, reason: 'nhầm người' })).toMatchObject({ status: 404 })
    expect(await standing(person)).toHaveLength(1)
    expect(await levels(person)).toEqual(['tu-khai'])
    await confirm(statement)
    expect(await standing(person)).toHaveLength(2)
    expect((await of({ person: person.id }, { limit: 5 })).confirmations).toMatchObject([
      { state: 'standing' },
    ])
  })

  test('is not for one’s own, nor for what others sent, what is gone or a paper unseen', async () => {
    await site.learn(staff, 'tự học')
    const own = await statementOf(staff)
    const asked = { organisation: centre.id, by: staff.id, original: false }
    expect(await tryToConfirm({ ...asked, statement: own })).toMatchObject({
      problems: [{ id: 'confirm-own' }],
    })
    await confirm(own, { by: colleague.id })
    const { person, entry, statement } = await learner('chi')
    const told = (await standing(staff)).find(({ kind }) => kind === 'centre')!
    expect(await tryToConfirm({ ...asked, statement: told.told.id })).toMatchObject({
      problems: [{ id: 'confirm-gone' }],
    })
    await site.services.diary.remove(person.id, entry.id)
    for (const gone of [statement, crypto.randomUUID()])
      expect(await tryToConfirm({ ...asked, statement: gone })).toMatchObject({
        problems: [{ id: 'confirm-gone' }],
      })
  })

  test('is not for one’s own told under an account that was merged into one’s own', async () => {
    const { person, statement } = await learner('dung')
    const { merges } = site.services.profiles
    const merged = await merges.merge({
      from: person.id,
      into: staff.id,
      by: 'cli:test',
      reason: 'cùng một người',
    })
    expect(merged).not.toHaveProperty('problems')
    await site.services.profiles.settled()
    const asked = { organisation: centre.id, statement, original: false }
    expect(await tryToConfirm({ ...asked, by: staff.id })).toMatchObject({
      problems: [{ id: 'confirm-own' }],
    })
    expect(await tryToConfirm({ ...asked, by: colleague.id })).toMatchObject({ state: 'standing' })
  })
})

test('nobody declines what is their own by a merge', async () => {
  const { person, statement } = await learner('phuc')
  const { confirmations, profiles } = site.services
  await confirmations.ask({ person: person.id, organisation: centre.id, statement, words: '' })
  const merged = await profiles.merges.merge({
    ...{ from: person.id, into: staff.id, by: 'cli:test', reason: 'cùng một người' },
  })
  expect(merged).not.toHaveProperty('problems')
  const answer = { organisation: centre.id, statement, reason: 'chưa rõ' }
  expect(await confirmations.decline({ ...answer, by: staff.id })).toMatchObject({
    problems: [{ id: 'confirm-own' }],
  })
  const { requests } = await confirmations.queue(centre.id, { limit: 50 })
  expect(requests.find(({ subject }) => subject.statement === statement)?.subject.person).toBe(staff.id)
  expect(await confirmations.decline({ ...answer, by: colleague.id })).toMatchObject({ state: 'declined' })
  await profiles.settled()
})

test('all confirmations of one statement fall, however many there are', async () => {
  const { person, entry, statement } = await learner('quyen')
  await confirm(statement)
  const { collections } = site.services.tenantStorage
  const one = (await collections.get(CONFIRMATIONS, `${centre.id}/${statement}`))!.value
  // Ended ones that come before the one that stands.
  const others = Array.from({ length: 120 }, (_, at) => ` ${String(at).padStart(3, '0')}`)
  await collections.batch(
    others.map((organisation) => ({
      ...{ op: 'insert' as const, collection: CONFIRMATIONS, key: `${organisation}/${statement}` },
      value: { ...one, organisation, state: 'withdrawn', telling: crypto.randomUUID() },
    })),
  )
  await site.services.diary.change(person.id, entry.id, { ...entry, what: 'chữ khác' })
  expect((await standing(person)).map(({ kind }) => kind)).toEqual(['diary'])
  const after = await collections.get(CONFIRMATIONS, `${centre.id}/${statement}`)
  expect(after?.value.state).toBe('fallen')
})

describe('what was confirmed changes', () => {
  test('its confirmations fall before it, at every organisation, and so do requests', async () => {
    const { person, entry, statement } = await learner('em')
    const { confirmations, diary } = site.services
    await confirm(statement)
    await confirm(statement, { organisation: other.id, by: colleague.id })
    const third = await site.organisation('Hội Khuyến học')
    await site.join(third, colleague, 'centre-staff')
    await confirmations.ask({ person: person.id, organisation: third.id, statement, words: '' })
    expect(await standing(person)).toHaveLength(3)
    await diary.change(person.id, entry.id, { ...entry, what: 'cách ủ phân' })
    const left = await standing(person)
    expect(left.map(({ kind }) => kind)).toEqual(['diary'])
    const told = await confirmations.of({ person: person.id }, { limit: 5 })
    expect(told.confirmations.map(({ state }) => state)).toEqual(['fallen', 'fallen'])
    const asked = await confirmations.requestsOf(person.id, { limit: 5 })
    expect(asked.requests.map(({ state }) => state)).toEqual(['fallen'])
    expect(await levels(person)).toEqual(['tu-khai'])
  })

  test('at the same moment: no confirmation ever stands beside words that came after', async () => {
    for (let round = 0; round < 8; round++) {
      const { person, entry, statement } = await learner(`race${round}`)
      const asked = { organisation: centre.id, statement, by: staff.id, original: false }
      await Promise.all([
        site.services.diary.change(person.id, entry.id, { ...entry, what: 'chữ khác' }),
        tryToConfirm(asked),
        tryToConfirm({ ...asked, organisation: other.id, by: colleague.id }),
      ])
      expect((await standing(person)).map(({ kind }) => kind)).toEqual(['diary'])
    }
  })

  test('voided by whoever else, it falls by the feed', async () => {
    const { person, statement } = await learner('giang')
    await confirm(statement)
    await site.services.lrs.purge([statement], 'erased')
    await site.caughtUp()
    expect(await standing(person)).toEqual([])
    const told = await site.services.confirmations.of({ person: person.id }, { limit: 5 })
    expect(told.confirmations).toMatchObject([{ state: 'fallen' }])
  })
})

test('what tells a confirmation is voided by another way: it is withdrawn, and may be given again', async () => {
  const { person, statement } = await learner('huong')
  await confirm(statement)
  const told = (await standing(person)).find(({ kind }) => kind === 'centre')!
  await site.services.lrs.purge([told.told.id], 'erased')
  await site.caughtUp()
  const { confirmations } = await site.services.confirmations.of({ person: person.id }, { limit: 5 })
  expect(confirmations).toMatchObject([{ state: 'withdrawn', ended: { by: null, reason: '' } }])
  await confirm(statement)
  expect(await standing(person)).toHaveLength(2)
})

describe('killed or cut off', () => {
  test.each(['before', 'after'] as const)(
    '%s it reached the record store, it is told later, once',
    async (cut) => {
      const { person, statement } = await learner(`kill-${cut}`)
      const part = failing(async (...given) => {
        if (cut === 'after') await site.services.lrs.recordStatements(...given)
        throw new Error('killed')
      })
      const asked = { organisation: centre.id, statement, by: staff.id, original: false }
      await expect(part.confirm(asked)).rejects.toThrow('killed')
      const working = failing(site.services.lrs.recordStatements)
      expect(await working.resume()).toBe(1)
      expect(await standing(person)).toHaveLength(2)
      const back = { organisation: centre.id, statement, by: staff.id, reason: 'nhầm' }
      await expect(part.withdraw(back)).rejects.toThrow('killed')
      expect(await working.resume()).toBe(1)
      expect(await working.resume()).toBe(0)
      expect(await standing(person)).toHaveLength(1)
    },
  )

  test('one that cannot be told keeps none of the others back', async () => {
    const first = await learner('thao')
    const second = await learner('thu')
    const away = failing(() => Promise.reject(new Error('killed')))
    for (const { statement } of [first, second])
      await expect(
        away.confirm({ organisation: centre.id, statement, by: staff.id, original: false }),
      ).rejects.toThrow('killed')
    const part = failing(async (asked, input) => {
      if (JSON.stringify(input.statements).includes(first.statement)) throw new Error('bad')
      return site.services.lrs.recordStatements(asked, input)
    })
    await expect(part.resume()).rejects.toThrow('bad')
    expect(await standing(second.person)).toHaveLength(2)
    expect(await failing(site.services.lrs.recordStatements).resume()).toBe(1)
    expect(await standing(first.person)).toHaveLength(2)
  })

  test('withdrawn before it was ever told, nothing of it stands', async () => {
    const { person, statement } = await learner('khanh')
    const part = failing(() => Promise.reject(new Error('killed')))
    const asked = { organisation: centre.id, statement, by: staff.id, original: false }
    await expect(part.confirm(asked)).rejects.toThrow('killed')
    const back = { organisation: centre.id, statement, by: staff.id, reason: 'nhầm' }
    await expect(part.withdraw(back)).rejects.toThrow('killed')
    await failing(site.services.lrs.recordStatements).resume()
    expect(await standing(person)).toHaveLength(1)
    const { collections } = site.services.tenantStorage
    const doc = await collections.get(CONFIRMATIONS, `${centre.id}/${statement}`)
    expect(doc?.value).toMatchObject({ state: 'withdrawn', pending: [], waiting: null })
  })
})

describe('a request', () => {
  test('waits in the queue of its organisation, and is answered once', async () => {
    const { person, statement } = await learner('lan')
    const { confirmations } = site.services
    const before = await confirmations.countOpen(centre.id)
    const ask = (words: string) =>
      confirmations.ask({ person: person.id, organisation: centre.id, statement, words })
    expect(await ask('tối thứ tư')).toMatchObject({ state: 'open', words: 'tối thứ tư' })
    expect(await ask('tối thứ năm')).toMatchObject({ state: 'open', words: 'tối thứ năm' })
    expect(await confirmations.countOpen(centre.id)).toBe(before + 1)
    const { requests } = await confirmations.queue(centre.id, { limit: 50 })
    expect(requests.at(-1)).toMatchObject({ subject: { statement }, words: 'tối thứ năm' })
    const answer = { organisation: centre.id, statement, by: staff.id }
    expect(await confirmations.decline({ ...answer, reason: '' })).toMatchObject({ status: 400 })
    await confirmations.decline({ ...answer, reason: 'chưa rõ' })
    expect(await confirmations.decline({ ...answer, reason: 'chưa rõ' })).toMatchObject({ status: 404 })
    await ask('nhờ lại')
    await confirm(statement)
    const told = await confirmations.requestsOf(person.id, { limit: 5 })
    expect(told.requests).toMatchObject([{ state: 'confirmed', answered: { by: staff.id } }])
    expect(await ask('')).toMatchObject({ problems: [{ id: 'request-confirmed' }] })
  })

  test('is for one’s own entries, by who is there to answer, and taken back by oneself', async () => {
    const { person, statement } = await learner('mai')
    const { confirmations } = site.services
    const empty = await site.organisation('Chưa có ai')
    const asked = { person: person.id, organisation: centre.id, statement, words: '' }
    expect(await confirmations.ask({ ...asked, person: colleague.id })).toMatchObject({
      problems: [{ id: 'confirm-gone' }],
    })
    expect(await confirmations.ask({ ...asked, organisation: empty.id })).toMatchObject({
      problems: [{ id: 'request-nobody' }],
    })
    expect(await confirmations.ask({ ...asked, organisation: 'x' })).toMatchObject({ status: 404 })
    expect(await confirmations.ask({ ...asked, words: '001099012345' })).toMatchObject({ status: 400 })
    const request = await confirmations.ask(asked)
    if ('ok' in request) throw new Error(JSON.stringify(request))
    expect(await confirmations.takeBack(colleague.id, request.id)).toMatchObject({ status: 404 })
    expect(await confirmations.takeBack(person.id, request.id)).toMatchObject({ state: 'taken-back' })
    const answer = { organisation: centre.id, statement, by: staff.id, reason: 'muộn' }
    expect(await confirmations.decline(answer)).toMatchObject({ status: 404 })
  })
})

/** format=ids, exact and canonical, and the choice of languages. */
import { expect } from 'vitest'
import type { Client } from './support/client.ts'
import { clientOf } from './support/harness.ts'
import { requirement } from './support/requirement.ts'
import {
  activity,
  agents,
  anonymousGroup,
  full,
  group,
  minimal,
  subStatement,
  uuid,
  verb,
} from './support/statements.ts'

const get = async (xapi: Client, statementId: string, format?: string, language?: string) =>
  (
    await xapi.get(
      '/statements',
      { statementId, ...(format && { format }) },
      {
        ...(language && { headers: { 'accept-language': language } }),
      },
    )
  ).body

requirement('XAPI-00168 XAPI-00170 XAPI2-4.1.6.1-format-exact', 'returns what was sent', async (xapi) => {
  const statement = full(xapi.version)
  await xapi.store(statement)
  const exact = await get(xapi, statement.id, 'exact')
  expect(exact).toMatchObject(statement)
  expect(await get(xapi, statement.id)).toEqual(exact)
  const bare = { ...minimal(), id: uuid(), verb: { id: verb().id } }
  await xapi.store(bare)
  expect((await get(xapi, bare.id, 'exact')).verb).toEqual(bare.verb)
})

requirement('XAPI-00171 XAPI2-4.1.6.1-format-ids', 'returns only what identifies', async (xapi) => {
  const statement = { ...full(xapi.version), actor: group() }
  await xapi.store(statement)
  const ids = await get(xapi, statement.id, 'ids')
  expect(ids.actor).toEqual({ objectType: 'Group', mbox: group().mbox })
  expect(ids.verb).toEqual({ id: statement.verb.id })
  expect(ids.object).not.toHaveProperty('definition')
  expect(ids.object.id).toBe(statement.object.id)
  expect(ids.context.instructor).not.toHaveProperty('name')
  expect(ids.context.contextActivities.parent[0]).not.toHaveProperty('definition')
  expect(ids.result).toEqual(statement.result)
  expect(ids.attachments).toEqual(statement.attachments)
})

requirement(
  'XAPI-00171 XAPI2-4.1.6.1-format-ids',
  'keeps what identifies the members of an anonymous group',
  async (xapi) => {
    const object = {
      ...subStatement(xapi.version),
      actor: anonymousGroup(agents.mbox('a'), agents.openid('b')),
    }
    const [id] = await xapi.store({ ...minimal(), object })
    const { actor } = (await get(xapi, id!, 'ids')).object
    const bare = actor.member.map(({ objectType: _, ...rest }: Record<string, unknown>) => rest)
    expect(bare).toEqual([{ mbox: agents.mbox('a').mbox }, { openid: agents.openid('b').openid }])
  },
)

requirement('XAPI-00169 XAPI2-4.1.6.1-format-canonical', 'returns the canonical definition', async (xapi) => {
  const object = activity(uuid())
  const [bare] = await xapi.store({ ...minimal(), object: { id: object.id } })
  await xapi.store({ ...minimal(), object })
  const canonical = await get(xapi, bare!, 'canonical')
  expect(canonical.object.definition).toMatchObject({ type: object.definition.type })
  expect(canonical.actor).toEqual(minimal().actor)
})

requirement(
  'XAPI-00172 XAPI2-4.1.6.1-one-language XAPI2-4.1.6.1-choose-language XAPI2-4.1.1-accept-language',
  'picks one language of each map',
  async (xapi) => {
    const object = {
      id: activity(uuid()).id,
      definition: {
        name: { vi: 'Phân loại rác', en: 'Sorting waste' },
        description: { 'fr-FR': 'Trier les déchets', vi: 'Về rác' },
        interactionType: 'choice',
        choices: [{ id: 'a', description: { vi: 'Giấy', en: 'Paper' } }],
      },
    }
    const [id] = await xapi.store({
      ...minimal(),
      object,
      verb: { id: verb(uuid()).id, display: { vi: 'xong', en: 'done' } },
    })
    const chosen = async (language: string) => {
      const { object, verb } = await get(xapi, id!, 'canonical', language)
      const { name, description, choices } = object.definition
      return [name, description, choices[0].description, verb.display]
    }
    expect(await chosen('en')).toEqual([
      { en: 'Sorting waste' },
      expect.anything(),
      { en: 'Paper' },
      { en: 'done' },
    ])
    expect(await chosen('fr;q=0.9, vi;q=0.5')).toEqual([
      { vi: 'Phân loại rác' },
      { 'fr-FR': 'Trier les déchets' },
      { vi: 'Giấy' },
      { vi: 'xong' },
    ])
    for (const map of await chosen('de')) expect(Object.keys(map)).toHaveLength(1)
  },
)

requirement(
  'XAPI-00168 XAPI2-4.1.6.1-choose-language',
  'picks no language without format=canonical',
  async (xapi) => {
    const [id] = await xapi.store(minimal())
    expect((await get(xapi, id!, undefined, 'en')).verb.display).toEqual(minimal().verb.display)
  },
)

requirement('XAPI2-4.1.6.1-format-canonical', 'formats lists too', async (xapi) => {
  const own = { id: verb(uuid()).id, display: { vi: 'xong', en: 'done' } }
  await xapi.store({ ...minimal(), verb: own })
  const { body } = await xapi.list(
    { verb: own.id, format: 'canonical' },
    { headers: { 'accept-language': 'en' } },
  )
  expect(body.statements[0].verb.display).toEqual({ en: 'done' })
})

requirement(
  'XAPI-00330',
  'shows a 2.0 statement without what 1.0.3 does not know, and keeps all of it',
  async (xapi) => {
    const statement = full('2.0.0')
    await clientOf('2.0.0').store(statement)
    const { contextAgents: _, contextGroups: __, ...known } = statement.context
    const seen = await get(xapi, statement.id)
    expect(seen.context).toEqual(known)
    expect(seen.version).toBe('2.0.0')
    expect((await clientOf('2.0.0').fetch(statement.id)).context).toEqual(statement.context)
  },
)

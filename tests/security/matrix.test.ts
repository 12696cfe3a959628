import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cast, openCast, ROLES, type Role, type RoleName } from './cast.ts'
import { type Declared, own } from './declared.ts'
import { changed, openDump } from './dump.ts'
import { listRoutes, type RouteName } from './list-routes.ts'
import { MARK } from './objects.ts'
import { declaredRoutes } from './table/index.ts'

interface Case extends Declared {
  name: RouteName
  method: string
  path: string
}

let cast: Cast
let routes: RouteName[]
let cases: Case[]
let dump: ReturnType<typeof openDump>

beforeAll(async () => {
  cast = await openCast()
  routes = listRoutes(cast.app)
  cases = Object.entries(declaredRoutes(cast)).flatMap(([name, declared]) =>
    [declared].flat().map((one) => caseOf(name, typeof one === 'function' ? { for: one } : one)),
  )
  dump = openDump(cast.dataDir)
})
afterAll(async () => {
  dump?.close()
  await cast?.close()
})

function caseOf(name: RouteName, declared: Declared): Case {
  const [method = '', pattern = ''] = name.split(' ')
  // Listed, and never asked for: what stands there has no address of its own.
  if (method === 'USE') return { ...declared, name, method, path: pattern }
  const path = pattern.replace(/[:*](\w+)/g, (_, param: string) => {
    const thing = cast.objects[declared.at?.[param] ?? param]
    if (thing === undefined) throw new Error(`${name}: objects.ts has no ${declared.at?.[param] ?? param}`)
    return thing.split('/').map(encodeURIComponent).join('/')
  })
  return { ...declared, name, method, path }
}

function ask({ method, path, send }: Case, { agent }: Role) {
  return method === 'GET'
    ? agent.get(path)
    : agent
        .post(path)
        .type('form')
        .send(send?.(cast.objects) ?? {})
}

type Answer = Awaited<ReturnType<typeof ask>>
const toSignIn = ({ status, headers }: Answer) =>
  status === 303 && /^\/sign-in(\?|$)/.test(headers.location ?? '')
const isRefusal = (answer: Answer) => [401, 403, 404].includes(answer.status) || toSignIn(answer)
const told = ({ method, path }: Case, { status, headers }: Answer) =>
  `${method} ${path}: ${status} ${headers.location ?? ''}`.trim()

test('every route of the product says whom it is for, and no line speaks of a route that is gone', () => {
  const declared = new Set(cases.map(({ name }) => name))
  expect(routes.length).toBeGreaterThan(150)
  expect({
    undeclared: routes.filter((name) => !declared.has(name)),
    gone: [...declared].filter((name) => !routes.includes(name)),
  }).toEqual({ undeclared: [], gone: [] })
})

test('every thing of the owner holds the mark, and its owner sees it', async () => {
  const { owner } = cast.roles
  const seen = cases.filter((one) => one.method === 'GET' && one.for === own && !one.wordless)
  expect(seen.length).toBeGreaterThan(5)
  for (const page of seen) expect((await ask(page, owner)).text, page.name).toContain(MARK)
})

describe.each(ROLES)('%s', (name: RoleName) => {
  test('is not let through where it is not for them, and changes nothing by trying', async () => {
    const role = cast.roles[name]
    const wrong: string[] = []
    let before = dump.take()
    for (const one of cases.filter((each) => each.method !== 'USE' && !each.for(role))) {
      const answer = await ask(one, role)
      if (!isRefusal(answer) && !(one.quiet && answer.status < 500)) wrong.push(told(one, answer))
      if (answer.text?.includes(MARK)) wrong.push(`${told(one, answer)} tells what is the owner’s`)
      if (one.method === 'GET') continue
      const after = dump.take()
      for (const what of changed(before, after)) wrong.push(`${told(one, answer)} changed ${what}`)
      before = after
    }
    expect(wrong).toEqual([])
  })

  test('sees the pages that are for them, and nothing on them that is the owner’s alone', async () => {
    const role = cast.roles[name]
    const wrong: string[] = []
    for (const one of cases.filter((each) => each.method === 'GET' && each.for(role))) {
      const answer = await ask(one, role)
      const isWell = one.answers?.includes(answer.status) ?? [200, 303].includes(answer.status)
      if (!isWell || (toSignIn(answer) && role.person !== null)) wrong.push(told(one, answer))
      if (answer.text?.includes(MARK) && !own(role) && !one.shows?.(role))
        wrong.push(`${told(one, answer)} shows what is the owner’s`)
    }
    expect(wrong).toEqual([])
  })
})

/** Each role that may; what one of them took away or ended is not there for the next. */
test('whoever may, gets past the door: what others were refused was not refused for something else', async () => {
  const wrong: string[] = []
  for (const one of cases.filter(({ method }) => method === 'POST')) {
    const [first, ...others] = ROLES.map((name) => cast.roles[name]).filter((each) => one.for(each))
    for (const role of first ? [first, ...others] : []) {
      const answer = await ask(one, role)
      const isGone = role !== first && [404, 409, 410].includes(answer.status)
      const isWell = one.answers?.includes(answer.status) || (!isRefusal(answer) && answer.status < 500)
      if (!isWell && !isGone && !(toSignIn(answer) && role.person === null))
        wrong.push(`${role.name} ${told(one, answer)}`)
    }
  }
  expect(wrong).toEqual([])
})

import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { type Caller, type Credential, refuse, type Source } from '../../lrs/index.ts'
import type { Link, Person, RecordLine, Role } from '../../profiles/index.ts'
import type { WebServices } from '../services.ts'
import { memoryCollections } from './collections.ts'
import { sampleLessons, sampleLines, sampleStatement } from './sample.ts'

/** Small parts in memory, for tests of the pages and for nothing else. What they hold can be looked at and set. */
export interface FakeServices extends WebServices {
  people: Map<string, Person & { identifier: string; password: string }>
  lines: RecordLine[]
  lessonList: Lesson[]
  linkList: Link[]
  reported: unknown[]
  uploads: { file: string; title: string | undefined }[]
  add(name: string, roles: Role[], identifier?: string): Person
}

export const PASSWORD = 'mot cau dai de nho'
export const SETUP_TOKEN = 'the-set-up-token'

/** `full` comes with 300 lines of three years and 30 lessons for the person `citizen`; else everything is empty. */
export function fakeServices(options: { full?: boolean; publicUrl?: string } = {}): FakeServices {
  const people: FakeServices['people'] = new Map()
  const add: FakeServices['add'] = (name, roles, identifier = `${roles.at(-1)}@example.org`) => {
    const person: Person = {
      id: roles.at(-1) ?? randomUUID(),
      name,
      roles,
      language: 'vi',
      created: Date.now() - 4e10,
    }
    people.set(person.id, { ...person, identifier, password: PASSWORD })
    return person
  }
  const personOf = (held: Person | undefined): Person | null =>
    held
      ? { id: held.id, name: held.name, roles: held.roles, language: held.language, created: held.created }
      : null
  const byIdentifier = (identifier: string) =>
    [...people.values()].find((each) => each.identifier === identifier)

  const lines = options.full ? sampleLines('citizen', 300) : []
  const lessonList = options.full ? sampleLessons('author', 30) : []
  const linkList: Link[] = options.full
    ? [
        {
          agent: 'account:https://lms.example.org an.nguyen',
          person: 'citizen',
          since: Date.now() - 3e10,
          until: null,
          how: 'operator',
          by: 'operator',
          reason: 'Trường xác nhận bằng văn bản',
        },
      ]
    : []
  const sources: Source[] = options.full
    ? (
        [
          ['product', 'Suốt Đời', 'product'],
          ['school', 'Moodle, Trường THPT Sông Hồng', 'lms'],
          ['centre', 'TTHTCĐ xã Mẫu', 'centre'],
        ] as const
      ).map(([id, name, kind]) => ({
        id,
        tenant: 't',
        name,
        kind,
        homePages: [],
        activityPrefixes: [],
        created: Date.now() - 5e10,
      }))
    : []
  const credentials: Credential[] = []
  const reported: unknown[] = []
  const uploads: FakeServices['uploads'] = []
  const reader: Caller = {
    tenant: 't',
    source: 'product',
    credential: 'web',
    authority: { objectType: 'Agent', name: 'web', account: { homePage: 'http://localhost', name: 'web' } },
    scopes: new Set(['all/read']),
  }
  const missing = refuse({ id: 'lesson-not-found', status: 404, message: 'There is no such lesson' })
  const change = (id: string, patch: Partial<Lesson>) => {
    const lesson = lessonList.find((each) => each.id === id)
    return lesson ? Object.assign(lesson, patch) : missing
  }
  const pageOf = <T>(list: readonly T[], after: string | undefined, limit: number) => {
    const start = Number(after ?? 0)
    const end = start + limit
    return { items: list.slice(start, end), next: end < list.length ? String(end) : null }
  }
  const unused = () => {
    throw new Error('not used by these pages')
  }

  return {
    people,
    lines,
    lessonList,
    linkList,
    reported,
    uploads,
    add,
    publicUrl: options.publicUrl ?? 'http://localhost',
    tenantName: 'tỉnh Hưng Yên (mẫu)',
    development: true,
    sessionSecret: 'only for tests, only for tests, only',
    collections: memoryCollections(),
    uploadDir: join(tmpdir(), 'web-test-uploads'),
    maxPackageBytes: 1_000_000,
    reader,
    accounts: {
      async register(input) {
        if (byIdentifier(input.identifier)) {
          return refuse({ id: 'identifier-taken', status: 409, path: 'identifier', message: 'Taken' })
        }
        if (input.password.length < 8) {
          return refuse({ id: 'password-too-short', status: 400, path: 'password', message: 'Short' })
        }
        const person: Person = { ...input, id: randomUUID(), roles: ['citizen'], created: Date.now() }
        people.set(person.id, { ...person, identifier: input.identifier, password: input.password })
        return personOf(person)!
      },
      async verify(identifier, password) {
        const held = byIdentifier(identifier)
        return personOf(held?.password === password ? held : undefined)
      },
      failures: async () => ({ count: 0, last: null }),
      get: async (id) => personOf(people.get(id)),
      find: async (identifier) => personOf(byIdentifier(identifier)),
      async grant(id, role) {
        people.get(id)?.roles.push(role)
      },
      list: async () => ({ persons: [...people.values()].map((each) => personOf(each)!), next: null }),
      setupToken: async () => SETUP_TOKEN,
      async setUp(token, input) {
        if (token !== SETUP_TOKEN) {
          return refuse({ id: 'set-up-token-wrong', status: 403, message: 'Use the newest link' })
        }
        return add(input.name, ['citizen', 'operator'], input.identifier)
      },
    },
    links: {
      link: unused,
      unlink: unused,
      of: async (person) => linkList.filter((each) => each.person === person),
      personOf: async () => null,
    },
    transcript: {
      async lines(person, { after, limit }) {
        const own = lines.filter((line) => line.person === person)
        const { items, next } = pageOf(own, after, limit)
        return { lines: items, next }
      },
      line: async (person, id) => lines.find((line) => line.person === person && line.id === id) ?? null,
      count: async (person) => lines.filter((line) => line.person === person).length,
    },
    host: {
      router: Router(),
      outerScript: '/h5p/outer.js',
      seed: async () => {},
      async play(lesson, person) {
        return {
          attempt: { id: 'attempt-1', lesson, person, started: Date.now() },
          token: 'token',
          frameUrl: '/h5p/frame/attempt-1',
        }
      },
      renew: async (_attempt, person) =>
        person === 'citizen'
          ? { token: 'renewed' }
          : refuse({ id: 'h5p-attempt-foreign', status: 403, message: 'Not yours' }),
      lessons: {
        async upload(file, by, details) {
          uploads.push({ file, title: details?.title })
          if (details?.title === 'refused') {
            const refusal = refuse({ id: 'h5p-not-a-package', status: 400, message: 'No package' })
            return { ...refusal, problems: refusal.problems }
          }
          const [lesson] = sampleLessons(by.person, 1)
          const added: Lesson = { ...lesson!, id: randomUUID(), status: 'draft', published: null }
          if (details?.title) added.title = details.title
          lessonList.push(added)
          return added
        },
        describe: async (id, patch) => change(id, patch),
        publish: async (id) => change(id, { status: 'published', published: Date.now() }),
        unpublish: async (id) => change(id, { status: 'draft' }),
        async remove(id) {
          lessonList.splice(
            lessonList.findIndex((each) => each.id === id),
            1,
          )
        },
        get: async (id) => lessonList.find((each) => each.id === id) ?? null,
        async published({ topic, after, limit }) {
          const all = lessonList.filter(
            (each) => each.status === 'published' && (!topic || each.topic === topic),
          )
          const { items, next } = pageOf(all, after, limit)
          return { lessons: items, next }
        },
        async by(author, { after, limit }) {
          const { items, next } = pageOf(
            lessonList.filter((each) => each.author === author),
            after,
            limit,
          )
          return { lessons: items, next }
        },
      },
    },
    lrs: {
      recordStatements: unused,
      queryStatements: async () => ({ statements: [], more: false }),
      readFeed: async () => [],
      async getStatement(_caller: Caller, id: string) {
        return {
          position: 1,
          id,
          text: sampleStatement(id),
          stored: Date.now(),
          source: 'school',
          fingerprint: '1:a',
          refersTo: null,
          voiding: false,
          voided: id.endsWith('2'),
          attachments: [],
        }
      },
    } as unknown as WebServices['lrs'],
    sources: {
      list: async () => sources,
      get: async (id) => sources.find((each) => each.id === id) ?? null,
      credentials: async () => credentials,
      create: unused,
      change: unused,
      issue: unused,
      rotate: unused,
      narrow: unused,
      revoke: unused,
      callerOf: unused,
    } as WebServices['sources'],
    requests: { note() {}, recent: () => [] },
    consumers: async () => [],
    report(error) {
      reported.push(error)
    },
  }
}

import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import {
  AUDIT_KIND,
  type AuditEntry,
  type Caller,
  type ConsumerState,
  type Credential,
  createRequestLog,
  refuse,
  type Source,
  type StoredStatement,
} from '../../lrs/index.ts'
import {
  type Archive,
  agreed,
  createAccesses,
  createClasses,
  createConfirmations,
  createDirectory,
  createDisputes,
  createHidden,
  createPasskeys,
  createProviderTies,
  createShares,
  type GivenAnswer,
  type Link,
  type LinkWork,
  type Merge,
  type Person,
  type PersonIdentifier,
  type RecordLine,
  type Role,
  type SecondFactor,
  type Waiting,
} from '../../profiles/index.ts'
import type { Provider } from '../provider.ts'
import type { WebServices } from '../services.ts'
import { fakeArchives } from './archives.ts'
import { memoryCollections } from './collections.ts'
import { fakeConsents } from './consents.ts'
import { fakeIdentifiers, fakeMessages, fakeRecovery, sampleIdentifiers } from './identifiers.ts'
import { fakeLessons, type SampleUpload } from './lessons.ts'
import { fakeLibraries } from './libraries.ts'
import { type ClaimLists, fakeClaims, fakeLinks, fakeMerges } from './links.ts'
import { fakeMapping } from './mapping.ts'
import { noOrganisations } from './organisations.ts'
import { type AskedQuery, behindLine, fakeRecordStore } from './record-store.ts'
import { fakeReports } from './reports.ts'
import {
  sampleAttempts,
  sampleAudit,
  sampleConsumers,
  sampleCredentials,
  sampleEntry,
  sampleLessons,
  sampleLines,
  sampleRequests,
  sampleSources,
  sampleStatements,
} from './sample.ts'
import { emptyHistory, sampleHistory } from './sample-figures.ts'
import { fakeSecondFactors } from './second-factors.ts'
import { selfToldParts } from './self-told.ts'
import { fakeRegistry } from './sources.ts'
import { fakeTranscript } from './transcript.ts'
import { fakeTwins } from './twins.ts'

/** Small parts in memory, for tests of the pages and for nothing else. What they hold can be looked at and set. */
export interface FakeServices extends WebServices {
  people: Map<string, Person & { identifier: string; password: string }>
  lines: RecordLine[]
  lessonList: Lesson[]
  linkList: Link[]
  waitingList: Waiting[]
  linkWork: LinkWork[]
  claimLists: ClaimLists
  mergeList: Merge[]
  answerList: (GivenAnswer & { person: string })[]
  sourceList: Source[]
  credentialList: Credential[]
  statementList: StoredStatement[]
  consumerList: ConsumerState[]
  auditList: AuditEntry[]
  /** Queries of statements that pages made. */
  asked: AskedQuery[]
  /** Persons for whom single statements were read; undefined for one's own record. */
  readers: (string | undefined)[]
  reported: unknown[]
  uploads: SampleUpload[]
  /** What the diary, and answers to disputes, told the record store. */
  diaryStatements: object[]
  /** By person. */
  archiveList: Map<string, Archive>
  identifierList: (PersonIdentifier & { person: string })[]
  /** Which channels messages have, and whether they work; without `full` there are none. */
  carried: { email: boolean; phone: boolean; works: boolean }
  /** Who has two-step sign-in. */
  factorOf: Map<string, SecondFactor>
  add(name: string, roles: Role[], identifier?: string): Person
}

export const PASSWORD = 'mot cau dai de nho'
export const SETUP_TOKEN = 'the-set-up-token'

/** `full` comes with 300 lines of three years and 30 lessons for the person `citizen`; else everything is empty. */
export function fakeServices(
  options: { full?: boolean; publicUrl?: string; secondStep?: boolean; providers?: readonly Provider[] } = {},
): FakeServices {
  const people: FakeServices['people'] = new Map()
  const add: FakeServices['add'] = (name, roles, identifier = `${roles.at(-1)}@example.org`) => {
    const person: Person = {
      id: roles.at(-1) ?? randomUUID(),
      name,
      roles,
      language: 'vi',
      created: Date.now() - 4e10,
      consents: { 'learning-record': { answer: 'yes', version: 1, since: Date.now() - 4e10 } },
    }
    people.set(person.id, { ...person, identifier, password: PASSWORD })
    return person
  }
  const personOf = (held: (Person & { identifier: string; password: string }) | undefined): Person | null => {
    if (!held) return null
    const { identifier: _, password: __, ...person } = held
    return person
  }
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
          proof: { document: { number: '12/QĐ-UBND', date: '2026-11-12' } },
          by: 'operator',
          reason: 'Trường xác nhận bằng văn bản',
        },
      ]
    : []
  const waitingList: Waiting[] = []
  const linkWork: LinkWork[] = []
  const links = fakeLinks(linkList, waitingList, linkWork)
  const claimLists: ClaimLists = { claims: [], activities: new Map(), suggestions: [], namesakes: [] }
  const mergeList: Merge[] = []
  const answerList: FakeServices['answerList'] = []
  const sourceList = options.full ? sampleSources() : []
  const credentialList = options.full ? sampleCredentials() : []
  const statementList = options.full ? sampleStatements(120) : []
  const consumerList = options.full ? sampleConsumers() : []
  const auditList: AuditEntry[] = options.full ? sampleAudit(120) : []
  const asked: AskedQuery[] = []
  const readers: FakeServices['readers'] = []
  const requests = createRequestLog()
  if (options.full) for (const each of sampleRequests()) requests.note(each)
  const reported: unknown[] = []
  const uploads: FakeServices['uploads'] = []
  const factorOf: FakeServices['factorOf'] = new Map()
  const identifierList: FakeServices['identifierList'] = options.full ? sampleIdentifiers('citizen') : []
  const outbox: NonNullable<WebServices['outbox']>[number][] = []
  const { messages, state: carried } = fakeMessages(outbox)
  carried.email = carried.phone = options.full === true
  const reader: Caller = {
    tenant: 't',
    source: 'product',
    credential: 'web',
    authority: { objectType: 'Agent', name: 'web', account: { homePage: 'http://localhost', name: 'web' } },
    scopes: new Set(['all/read']),
  }
  const isDraft = (id: string) => lessonList.find((each) => each.id === id)?.status !== 'published'
  const unused = () => {
    throw new Error('not used by these pages')
  }

  const collections = memoryCollections()
  const diaryStatements: object[] = []
  const archiveList = new Map<string, Archive>()
  const auditNote: WebServices['auditNote'] = ({ action, ...note }) => {
    const entry = sampleEntry(0, action, note)
    auditList.unshift(entry)
    return { op: 'insert', collection: { name: 'audit', indexes: {} }, key: randomUUID(), value: entry }
  }
  const ties = createProviderTies({
    collections,
    sealSecret: '5e'.repeat(32),
    belongings: () => [],
    audit: auditNote,
    now: Date.now,
  })
  const providerTies: WebServices['providerTies'] = {
    ...ties,
    async register(input) {
      const person = await ties.register(input)
      if (!('ok' in person)) people.set(person.id, { ...person, identifier: '', password: '' })
      return person
    },
  }
  const transcript = fakeTranscript(lines, (person) => agreed(people.get(person)))
  const toldToDiary: Pick<WebServices['lrs'], 'recordStatements'> = {
    async recordStatements(_caller, { statements }) {
      diaryStatements.push(...(statements as object[]))
      return { ok: true, ids: [], stored: Date.now(), fresh: statements.length }
    },
  }
  // What staff do is tested over the whole product: tests/support/centre-site.ts.
  const centreParts = {
    collections,
    lrs: { recordStatements: unused },
    centreOf: unused,
    topics: async () => [],
    teller: { people: 'urn:people', organisations: 'urn:organisations' },
    audit: auditNote,
    now: Date.now,
  }

  return {
    people,
    lines,
    lessonList,
    linkList,
    waitingList,
    linkWork,
    claimLists,
    mergeList,
    answerList,
    sourceList,
    credentialList,
    statementList,
    consumerList,
    auditList,
    asked,
    readers,
    reported,
    uploads,
    identifierList,
    carried,
    factorOf,
    secondFactors: fakeSecondFactors(factorOf),
    passkeys: createPasskeys({ collections, audit: auditNote, now: Date.now }),
    providers: options.providers ?? [],
    providerTies,
    secondStepForOperators: options.secondStep ?? false,
    identifiers: fakeIdentifiers(identifierList),
    recovery: fakeRecovery(),
    messages,
    malware: null,
    outbox,
    add,
    publicUrl: options.publicUrl ?? 'http://localhost',
    playerUrl: null,
    tenantName: 'tỉnh Hưng Yên (mẫu)',
    development: true,
    sessionSecret: 'only for tests, only for tests, only',
    collections,
    uploadDir: join(tmpdir(), `suotdoi-uploads-${randomUUID()}`),
    maxPackageBytes: 1_000_000,
    ownReader: reader,
    readerFor: (person) => ({ ...reader, person }),
    accounts: {
      async register(input) {
        if (byIdentifier(input.identifier)) {
          return refuse({ id: 'identifier-taken', status: 409, path: 'identifier', message: 'Taken' })
        }
        if (input.password.length < 8) {
          return refuse({ id: 'password-too-short', status: 400, path: 'password', message: 'Short' })
        }
        const { consents = [], ...rest } = input
        const person: Person = { ...rest, id: randomUUID(), roles: ['citizen'], created: Date.now() }
        people.set(person.id, { ...person, identifier: input.identifier, password: input.password })
        for (const each of consents)
          await fakeConsents(people, answerList).answer(person.id, { ...each, language: input.language })
        return personOf(people.get(person.id))!
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
      async change(id, { name, language }) {
        const held = people.get(id)!
        if (name === '')
          return refuse({ id: 'name-missing', status: 400, path: 'name', message: 'Write a name' })
        return personOf(Object.assign(held, { ...(name && { name }), ...(language && { language }) }))!
      },
      knowsPassword: async (id, password) => people.get(id)?.password === password,
      async changePassword(id, { current, password }) {
        const held = people.get(id)!
        if (held.password !== current)
          return refuse({ id: 'password-wrong', status: 403, path: 'current', message: 'Wrong' })
        if (password.length < 8)
          return refuse({ id: 'password-too-short', status: 400, path: 'password', message: 'Short' })
        return personOf(Object.assign(held, { password, passwordChanges: (held.passwordChanges ?? 0) + 1 }))!
      },
      async take(id, role) {
        const held = people.get(id)!
        held.roles = held.roles.filter((each) => each !== role)
        return personOf(held)!
      },
      taken: async () => [],
      list: async () => ({ persons: [...people.values()].map((each) => personOf(each)!), next: null }),
      setupToken: async () => SETUP_TOKEN,
      setUpProblem: async (token) =>
        token === SETUP_TOKEN
          ? null
          : refuse({ id: 'set-up-token-wrong', status: 403, message: 'Use the newest link' }),
      async setUp(token, input) {
        if (token !== SETUP_TOKEN) {
          return refuse({ id: 'set-up-token-wrong', status: 403, message: 'Use the newest link' })
        }
        return add(input.name, ['citizen', 'operator'], input.identifier)
      },
    },
    ...noOrganisations(),
    links,
    claims: fakeClaims(links, claimLists),
    merges: fakeMerges(mergeList),
    consents: fakeConsents(people, answerList),
    transcript,
    accesses: createAccesses({ collections, now: Date.now }),
    directory: createDirectory({ collections, sealSecret: '5e'.repeat(32), now: Date.now }),
    confirmations: createConfirmations({
      ...centreParts,
      statements: { get: async () => null },
      sourceKind: async () => 'diary',
    }),
    classes: createClasses(centreParts),
    twins: fakeTwins(lines),
    ...selfToldParts({
      collections,
      lrs: toldToDiary,
      caller: reader,
      accountHomePage: 'urn:people',
      fall: async () => {},
      now: Date.now,
    }),
    diaryStatements,
    archives: fakeArchives(archiveList),
    archiveList,
    hidden: createHidden({ collections, transcript, now: Date.now }),
    disputes: createDisputes({
      collections,
      statements: { get: async (id) => behindLine(id) },
      transcript,
      accounts: { get: async (id) => personOf(people.get(id)) },
      lrs: toldToDiary,
      isOwnWord: async (source) => source === 'diary',
      organisationOf: async () => null,
      callerOf: async (source) => (source === 'product' ? { caller: reader, organisation: null } : null),
      audit: auditNote,
      now: Date.now,
    }),
    shares: createShares({
      collections,
      accounts: { get: async (id) => personOf(people.get(id)) },
      transcript,
      now: Date.now,
    }),
    mapping: fakeMapping(options.full ?? false),
    host: {
      router: Router(),
      frameRouter: null,
      outerScript: '/h5p/outer.js',
      queueScript: '/h5p/queue.js',
      attempts: async (lesson, person) =>
        person === 'citizen' && lesson === 'lesson-0' ? sampleAttempts() : [],
      attempt: async (id, person) => {
        const found = sampleAttempts().find((each) => each.id === id)
        return found && person === 'citizen' ? { ...found, lesson: 'lesson-0' } : null
      },
      unfinished: async (person, { limit }) =>
        person === 'citizen'
          ? lessonList
              .filter(({ status }) => status === 'published')
              .slice(1, 3)
              .slice(0, limit)
          : [],
      seed: async () => {},
      reports: fakeReports(options.full ?? false),
      async play(lesson, person) {
        return {
          attempt: { id: 'attempt-1', lesson, version: isDraft(lesson) ? 0 : 1, person, started: Date.now() },
          token: 'token',
          frameUrl: '/h5p/frame/attempt-1',
          sandbox: 'allow-scripts',
          resumed: false,
          completion: { by: 'answered' },
          mode: { kind: 'practice' },
        }
      },
      playAnonymously: unused,
      renewAnonymously: unused,
      claim: unused,
      leaveIdle: unused,
      refusals: async () => [],
      stop: async () => {},
      renew: async (_attempt, person) =>
        person === 'citizen'
          ? { token: 'renewed' }
          : refuse({ id: 'h5p-attempt-foreign', status: 403, message: 'Not yours' }),
      lessons: fakeLessons(lessonList, uploads),
      libraries: fakeLibraries(options.full ?? false),
    },
    lrs: {
      recordStatements: unused,
      rekeyAgent: unused,
      purge: unused,
      ...fakeRecordStore(statementList, asked, readers),
    },
    sources: fakeRegistry(sourceList, credentialList, ({ action, ...change }) => {
      auditList.unshift(sampleEntry(0, action, change))
    }),
    requests,
    async audit({ kind, source, who, since = 0, until = Number.POSITIVE_INFINITY, before, limit }) {
      const found = auditList.filter(
        (each) =>
          (!kind || AUDIT_KIND[each.action] === kind) &&
          (!source || each.source === source || each.of.includes(source)) &&
          (!who || [each.actor, each.credential, ...each.subjects].includes(who)) &&
          each.at >= since &&
          each.at <= until &&
          (!before || each.id < before),
      )
      const entries = found.slice(0, limit)
      return { entries, next: found.length > limit ? (entries.at(-1)?.id ?? null) : null }
    },
    auditNote,
    consumers: async () => consumerList,
    rebuilding: async () => ({ since: Date.now() - 3 * 60_000, share: 0.42 }),
    history: options.full ? sampleHistory() : emptyHistory(),
    report(error) {
      reported.push(error)
    },
  }
}

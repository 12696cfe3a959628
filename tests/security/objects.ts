import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { Product } from '../../app/product.ts'
import type { Services } from '../../app/services.ts'
import { packLesson } from '../../h5p/pack.ts'
import { agentKey, DEFAULT_SCOPES } from '../../lrs/index.ts'
import type { OrganisationRole } from '../../profiles/index.ts'
import { linkId } from '../../web/citizen/link-id.ts'
import type { People } from './cast.ts'

/** Stands in whatever is the owner's alone: the names of what they learned, the words they wrote. */
export const MARK = 'qzx-riêng-tư-7391'
const HOME = 'https://moodle.example.org'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

/** What stands in paths and forms, by name: ids of things of the owner, of `here` (an organisation), of a source. */
export type Objects = Record<string, string>

/** One thing of each kind. A new kind is made here; its name is then that of the parameter in the path. */
export async function makeObjects(services: Services, product: Product, people: People): Promise<Objects> {
  const { profiles, sources, lrs, diary, disputes, confirmations, classes, certificates, evidence } = services
  const { owner, operator } = people
  const places = await makeOrganisations(services, people)
  const moodle = must(
    await sources.create({ name: 'Moodle', kind: 'lms', homePages: [HOME], activityPrefixes: [] }, operator),
  )
  const issued = must(await sources.issue(moodle.id, { label: 'Moodle' }, operator))
  const agent = agentKey({ account: { homePage: HOME, name: 'lan' } })!
  const proof = { document: { number: '12/QĐ-UBND', date: '2026-11-20' } }
  must(
    await profiles.links.link({ agent, person: owner, how: 'operator', proof, by: operator, reason: 'giấy' }),
  )
  const told = must(
    await lrs.recordStatements(await sources.callerOf(moodle.id, 'test', DEFAULT_SCOPES), {
      version: '1.0.3',
      statements: [statementOf()],
    }),
  )
  const write = async (day: string) =>
    must(await diary.add(owner, { what: `Nhật ký ${MARK}`, minutes: 30, did: 'hoc', day }))
  // One that a centre confirms, and one that is the owner's word alone.
  const [entry] = [await write('2026-11-19'), await write('2026-11-20')]
  await Promise.all([product.consumers.idle(), profiles.settled()])
  const { lines } = await profiles.transcript.lines(owner, { limit: 10 })
  const line = must(lines.find(({ activity }) => activity.id.startsWith(HOME)) ?? null).id
  const certificate = must(
    await certificates.add(owner, { name: `Bằng ${MARK}`, issuer: 'Sở', day: '2026-11-01', number: '1' }),
  )
  const picture = join(services.folder, 'picture.png')
  await writeFile(picture, PNG)
  const file = must(await evidence.read(picture, owner))
  const held = must(await evidence.add(owner, `urn:uuid:${certificate.id}`, file))
  const [entryLine, twin] = lines.filter(({ level }) => level === 'tu-khai')
  const confirmed = must(twin?.statements[0] ?? null)
  const organisation = places.organisation!
  const by = people.staff
  const details = {
    name: 'Lớp',
    topic: '',
    day: '2026-11-20',
    begin: '08:00',
    minutes: 60,
    place: 'nhà văn hóa',
  }
  const taught = must(await classes.create({ organisation, by }, details))
  must(await confirmations.confirm({ organisation, statement: confirmed, by, original: false }))
  await Promise.all([product.consumers.idle(), profiles.settled()])
  const share = must(
    await profiles.shares.create(owner, {
      purpose: `xin việc ${MARK}`,
      reader: 'Công ty',
      lines: [line],
      days: 7,
      password: null,
    }),
  )
  const recorded = await profiles.transcript.lines(owner, { limit: 10 })
  const paper = recorded.lines.find(({ activity }) => activity.id === `urn:uuid:${certificate.id}`)
  const requested = must(paper?.statements[0] ?? null)
  must(await confirmations.ask({ person: owner, statement: requested, organisation, words: '' }))
  const dispute = must(
    await disputes.make(owner, line, { kind: 'other', words: `không đúng ${MARK}`, asksVoid: false }),
  )
  must(await disputes.passOn(dispute.id, { queue: dispute, by: operator, organisation, words: '' }))
  must(await profiles.merges.merge({ from: people.merged, into: owner, by: operator, reason: 'giấy' }))
  await profiles.settled()
  return {
    ...places,
    ...(await makeLessons(services, product, people)),
    person: owner,
    mergedPerson: people.merged,
    authorPerson: people.author,
    source: moodle.id,
    key: issued.credential.key,
    credential: `Basic ${Buffer.from(`${issued.credential.key}:${issued.secret}`).toString('base64')}`,
    statement: told.ids[0]!,
    link: linkId(agent),
    line,
    entryLine: must(entryLine ?? null).id,
    twin: must(twin ?? null).id,
    confirmed,
    requested,
    certificate: certificate.id,
    evidence: held.id,
    class: taught.id,
    entry: entry.id,
    share: share.share.id,
    dispute: dispute.id,
    token: share.token,
    role: 'author',
    purpose: 'learning-record',
    none: 'nothing',
  }
}

function statementOf() {
  return {
    actor: { objectType: 'Agent', account: { homePage: HOME, name: 'lan' } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { en: 'completed' } },
    object: { id: `${HOME}/course/7`, definition: { name: { vi: `Khóa ${MARK}` } } },
    result: { completion: true },
    timestamp: '2026-11-20T02:00:00.000Z',
  }
}

async function makeOrganisations({ profiles }: Services, people: People): Promise<Objects> {
  const { organisations, invitations } = profiles
  const by = people.operator
  const create = async (name: string) =>
    must(
      await organisations.create({ name, nameEn: '', kind: 'community-learning-centre', parent: null }, by),
    ).id
  const [organisation, other] = [await create('Trung tâm ở đây'), await create('Trung tâm nơi khác')]
  const join = async (place: string, person: string, ...roles: OrganisationRole[]) => {
    const made = must(
      await invitations.make({ organisation: place, roles, kind: 'link', uses: 1, days: 1, by }),
    )
    must(await invitations.accept(made.secret, person))
  }
  await join(organisation, people.staff, 'centre-staff')
  await join(organisation, people.officer, 'officer')
  await join(organisation, people.manager, 'manager')
  // Everything there is to be, elsewhere.
  await join(other, people.elsewhere, 'manager', 'author', 'editor', 'centre-staff', 'officer')
  const invitation = must(
    await invitations.make({ organisation, roles: ['author'], kind: 'link', uses: 1, days: 1, by }),
  )
  return { organisation, invitation: invitation.invitation.id, member: people.staff }
}

/** The author's: one published, one draft with words that are nobody else's, and an attempt of the owner. */
async function makeLessons(
  { folder, tenantStorage }: Services,
  { host }: Product,
  people: People,
): Promise<Objects> {
  const packed = join(folder, 'lesson.h5p')
  await packLesson('phong-duoi-nuoc', packed)
  const by = { person: people.author, mayInstallLibraries: true }
  const upload = async (title: string) => must(await host.lessons.upload(packed, by, { title })).id
  const [lesson, draft] = [await upload('Bài đã đăng'), await upload(`Bản nháp ${MARK}`)]
  must(await host.lessons.describe(lesson, { topics: ['https://w3id.org/suotdoi/topics/moi-truong'] }))
  must(await host.lessons.publish(lesson, { by: people.author }))
  const play = must(await host.play(lesson, people.owner))
  const files = { name: 'h5p-content-files', indexes: {} }
  const contentOf = async (id: string) => must(await host.lessons.get(id)).draft.content
  const content = await contentOf(lesson)
  const { docs } = await tenantStorage.collections.scan(files, { prefix: `${content}/`, limit: 1 })
  const [file] = docs.map(({ key }) => key.slice(content.length + 1))
  const draftContent = await contentOf(draft)
  return {
    ...(await proposeLibrary(folder, host, people)),
    lesson,
    content,
    draft,
    draftContent,
    attempt: play.attempt.id,
    image: must(file ?? null),
  }
}

/** One library that is installed, and one that waits. */
async function proposeLibrary(folder: string, host: Product['host'], people: People): Promise<Objects> {
  const packed = join(folder, 'library.h5p')
  const zip = new ZipFile()
  const description = {
    title: 'Test',
    machineName: 'Test.Part',
    majorVersion: 1,
    minorVersion: 0,
    patchVersion: 0,
    runnable: 0,
  }
  zip.addBuffer(Buffer.from(JSON.stringify(description)), 'Test.Part-1.0/library.json')
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(packed))
  const { id } = must(await host.libraries.propose(packed, { by: people.author, title: 'Test' }))
  const [proposedBuild] = must(await host.libraries.request(id)).libraries
  return { library: 'SuotDoi.Kit-1.0', libraryRequest: id, proposedBuild: must(proposedBuild ?? null) }
}

export function must<T>(outcome: T): Exclude<T, { ok: false } | null> {
  if (outcome === null || (typeof outcome === 'object' && 'ok' in outcome && outcome.ok === false))
    throw new Error(JSON.stringify(outcome))
  return outcome as Exclude<T, { ok: false } | null>
}

import type { DocumentStore, SourceId, StatementStore } from '../../lrs/index.ts'
import { identifierOf, statementKey } from '../../lrs/index.ts'
import type { Accesses } from '../access/access.ts'
import type { Certificates } from '../certificates/certificates.ts'
import type { Confirmations } from '../confirmations/confirmations.ts'
import type { Disputes, Hidden } from '../corrections/types.ts'
import type { Diary } from '../diary/diary.ts'
import type { Evidence, Evidences } from '../evidence/evidence.ts'
import { personsOf } from '../merges/persons-of.ts'
import type { Merges } from '../merges/types.ts'
import type { Shares } from '../shares/shares.ts'
import type { Twins } from '../twins/twins.ts'
import type {
  Accounts,
  Consents,
  Identifiers,
  Link,
  Links,
  PersonId,
  RecordLine,
  Transcript,
} from '../types.ts'
import { type ArchiveFile, csv, json, jsonArray, type TellerName } from './files.ts'

export interface ContentsDeps {
  statements: Pick<StatementStore, 'query'>
  documents: Pick<DocumentStore, 'keysOf' | 'get'>
  accounts: Pick<Accounts, 'get'>
  identifiers: Pick<Identifiers, 'of'>
  links: Pick<Links, 'of'>
  transcript: Pick<Transcript, 'lines' | 'count'>
  twins: Pick<Twins, 'splitsOf'>
  shares: Pick<Shares, 'of' | 'openings'>
  diary: Pick<Diary, 'of'>
  merges: Pick<Merges, 'of'>
  accesses: Pick<Accesses, 'of'>
  confirmations: Pick<Confirmations, 'of' | 'requestsOf'>
  certificates: Pick<Certificates, 'of'>
  evidence: Pick<Evidences, 'all' | 'taken' | 'open'>
  consents: Pick<Consents, 'given' | 'words'>
  disputes: Pick<Disputes, 'of'>
  hidden: Pick<Hidden, 'of'>
  /** What a source is called, and whose it is; undefined for one that is not known (any more). */
  tellers(): Promise<TellerName>
}

const PAGE = 200
/** Of statements held at once. */
const MAX_BYTES = 4_000_000

/** Everything that is kept of a person, as files (Luật 91/2025/QH15: the right to receive one's data). */
export async function filesOf(
  deps: ContentsDeps,
  person: PersonId,
): Promise<{ files: ArchiveFile[]; total: number }> {
  const { accounts, identifiers, links, transcript } = deps
  const [held, tellerName, lines, evidence] = await Promise.all([
    links.of(person),
    deps.tellers(),
    transcript.count(person),
    Array.fromAsync(ofAll(deps, person, evidenceOf)),
  ])
  const open = held.filter(({ until }) => until === null)
  const files: ArchiveFile[] = [
    {
      name: 'README.txt',
      about: { vi: 'Tệp này', en: 'This file' },
      async *pieces() {
        yield readme(files)
      },
    },
    {
      name: 'record.csv',
      about: { vi: 'Hồ sơ học tập, dạng bảng', en: 'The learning record as a table' },
      pieces: (count) => csv(linesOf(deps, person), tellerName, count),
    },
    {
      name: 'record.json',
      about: { vi: 'Hồ sơ học tập, đầy đủ', en: 'The learning record in full' },
      pieces: (count) => jsonArray(named(linesOf(deps, person), tellerName), count),
    },
    {
      name: 'statements.json',
      about: {
        vi: 'Mọi ghi nhận (xAPI) dưới các tài khoản của bạn, kể cả đã hủy',
        en: 'All xAPI statements under your accounts, voided ones too',
      },
      pieces: (count) => jsonArray(statementsOf(deps, open), count),
    },
    {
      name: 'documents.json',
      about: {
        vi: 'Tài liệu mà hệ thống học giữ cho bạn (chỗ đang học dở…)',
        en: 'Documents that learning systems keep for you (where you stopped, …)',
      },
      pieces: (count) => jsonArray(documentsOf(deps, open), count),
    },
    {
      name: 'links.json',
      about: { vi: 'Các tài khoản đã nối, và đã gỡ', en: 'Accounts that are linked, and were' },
      pieces: () => json(held.map(({ agent, ...link }) => ({ identifier: identifierOf(agent), ...link }))),
    },
    {
      name: 'splits.json',
      about: { vi: 'Các mục bạn đã tách ra', en: 'Entries that you split' },
      pieces: (count) => jsonArray(splitsOf(deps, person), count),
    },
    {
      name: 'shares.json',
      about: { vi: 'Những lần chia sẻ và những lần được mở', en: 'What you shared, and each opening' },
      pieces: (count) => jsonArray(sharesOf(deps, person), count),
    },
    {
      name: 'diary.json',
      about: { vi: 'Nhật ký học', en: 'The learning diary' },
      pieces: (count) => jsonArray(diaryOf(deps, person), count),
    },
    {
      name: 'confirmations.json',
      about: {
        vi: 'Điều trung tâm đã xác nhận, và điều bạn nhờ xác nhận',
        en: 'What centres confirmed, and what you asked them to',
      },
      pieces: (count) => jsonArray(confirmationsOf(deps, person), count),
    },
    {
      name: 'access.json',
      about: {
        vi: 'Ai đã xem hồ sơ, lúc nào và để làm gì',
        en: 'Who looked at your record, when and what for',
      },
      pieces: (count) => jsonArray(accessesOf(deps, person), count),
    },
    {
      name: 'certificates.json',
      about: { vi: 'Bằng cấp, chứng chỉ giấy', en: 'Certificates on paper' },
      pieces: (count) => jsonArray(certificatesOf(deps, person), count),
    },
    {
      name: 'evidence.json',
      about: {
        vi: 'Ảnh và tệp đã gửi kèm, kể cả đã gỡ',
        en: 'Photos and files you added, also those taken away',
      },
      pieces: (count) => jsonArray(evidenceAndTaken(deps, person, evidence), count),
    },
    {
      name: 'consents.json',
      about: {
        vi: 'Bạn đã đồng ý hay không với điều gì, khi nào, theo lời hỏi nào',
        en: 'What you agreed to or not, when, and the words you were asked with',
      },
      pieces: (count) => jsonArray(consentsOf(deps, person), count),
    },
    ...evidence.map((each) => evidenceFile(deps, each)),
    {
      name: 'disputes.json',
      about: {
        vi: 'Những gì bạn báo là không đúng, và câu trả lời',
        en: 'What you said is wrong, and the answers',
      },
      pieces: (count) => jsonArray(disputesOf(deps, person), count),
    },
    {
      name: 'hidden.json',
      about: { vi: 'Những mục bạn ẩn khỏi chia sẻ', en: 'Lines that you keep out of shares' },
      pieces: (count) => jsonArray(hiddenOf(deps, person), count),
    },
    {
      name: 'account.json',
      about: { vi: 'Tên, quyền, cách đăng nhập', en: 'Name, roles, ways to sign in' },
      async *pieces() {
        const [account, ways] = await Promise.all([accounts.get(person), identifiers.of(person)])
        yield* json({ ...account, identifiers: ways })
      },
    },
  ]
  // Each line is written twice; statements are not counted beforehand, for that takes as long as reading them.
  return { files, total: 2 * (lines ?? 0) + evidence.length }
}

async function* paged<T>(
  read: (after: string | undefined) => Promise<{ items: readonly T[]; next: string | null }>,
): AsyncIterable<T> {
  for (let after: string | null | undefined; after !== null; ) {
    const page: { items: readonly T[]; next: string | null } = await read(after)
    yield* page.items
    after = page.next
  }
}

const linesOf = ({ transcript }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const { lines, next } = await transcript.lines(person, { limit: PAGE, ...(after && { after }) })
    return { items: lines, next }
  })

/** With what its sources are called, and whose they are. */
async function* named(lines: AsyncIterable<RecordLine>, tellerName: TellerName) {
  for await (const line of lines) {
    const ids = [...new Set((line.tellers ?? [line]).map(({ source }) => source))]
    yield { ...line, sources: ids.map((id) => ({ id, ...tellerName(id) })) }
  }
}

/** What is kept under the person themselves, and under everybody found to be the same. */
async function* ofAll<T>(
  deps: ContentsDeps,
  person: PersonId,
  read: (deps: ContentsDeps, person: PersonId) => AsyncIterable<T>,
): AsyncIterable<T> {
  for (const each of await personsOf(deps.merges, person)) yield* read(deps, each)
}

const diaryOf = ({ diary }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const { entries, next } = await diary.of(person, { limit: PAGE, ...(after && { after }) })
    return { items: entries, next }
  })

const accessesOf = ({ accesses }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const page = await accesses.of(person, { limit: PAGE, ...(after && { after }) })
    return { items: page.accesses, next: page.next }
  })

async function* confirmationsOf({ confirmations }: ContentsDeps, person: PersonId) {
  yield* paged(async (after) => {
    const page = await confirmations.of({ person }, { limit: PAGE, ...(after && { after }) })
    return { items: page.confirmations, next: page.next }
  })
  yield* paged(async (after) => {
    const page = await confirmations.requestsOf(person, { limit: PAGE, ...(after && { after }) })
    return { items: page.requests, next: page.next }
  })
}
const disputesOf = ({ disputes }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const page = await disputes.of(person, { limit: PAGE, ...(after && { after }) })
    return { items: page.disputes, next: page.next }
  })

const hiddenOf = ({ hidden }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const page = await hidden.of(person, { limit: PAGE, ...(after && { after }) })
    return { items: page.hidden, next: page.next }
  })

const splitsOf = ({ twins }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const { splits, next } = await twins.splitsOf(person, { limit: PAGE, ...(after && { after }) })
    return { items: splits, next }
  })

const certificatesOf = ({ certificates }: ContentsDeps, person: PersonId) =>
  paged(async (after) => {
    const page = await certificates.of(person, { limit: PAGE, ...(after && { after }) })
    return { items: page.certificates, next: page.next }
  })

const evidenceOf = ({ evidence }: ContentsDeps, person: PersonId) =>
  paged((after) => evidence.all(person, { limit: PAGE, ...(after && { after }) }))

const nameOf = ({ id, type }: Evidence) => `evidence/${id}.${type === 'application/pdf' ? 'pdf' : 'webp'}`

async function* evidenceAndTaken(deps: ContentsDeps, person: PersonId, held: readonly Evidence[]) {
  for (const each of held) yield { ...each, file: nameOf(each) }
  yield* ofAll(deps, person, ({ evidence }, each) =>
    paged((after) => evidence.taken(each, { limit: PAGE, ...(after && { after }) })),
  )
}

/** Empty where it was taken away meanwhile. */
const evidenceFile = ({ evidence }: ContentsDeps, held: Evidence): ArchiveFile => ({
  name: nameOf(held),
  about: { vi: 'Ảnh hoặc tệp gửi kèm', en: 'A photo or file that you added' },
  async *pieces(count) {
    await count()
    const found = await evidence.open(held.id)
    if (found) yield* found.content as AsyncIterable<Uint8Array>
  },
})

async function* consentsOf({ consents }: ContentsDeps, person: PersonId) {
  const all = paged(async (after) => {
    const { answers, next } = await consents.given(person, { limit: PAGE, ...(after && { after }) })
    return { items: answers, next }
  })
  for await (const { version, ...given } of all)
    yield { ...given, words: consents.words(given.purpose, version) }
}

async function* sharesOf({ shares }: ContentsDeps, person: PersonId) {
  const all = paged(async (after) => {
    const page = await shares.of(person, { limit: PAGE, ...(after && { after }) })
    return { items: page.shares, next: page.next }
  })
  for await (const share of all) {
    const opened: number[] = []
    const each = paged(async (after) => {
      const page = await shares.openings(person, share.id, { limit: PAGE, ...(after && { after }) })
      return { items: page.openings, next: page.next }
    })
    for await (const at of each) opened.push(at)
    yield { ...share, openedAt: opened }
  }
}

/** What a source sent under an identifier is another's until its owner said that it is theirs. */
const isTheirs = ({ sources }: Link, source: SourceId) => sources === undefined || sources.includes(source)

async function* statementsOf({ statements }: ContentsDeps, open: readonly Link[]) {
  for (const link of open) {
    for (let after = 0; ; ) {
      const page = await statements.query({
        keys: [statementKey.actor(link.agent)],
        ascending: true,
        limit: PAGE,
        maxBytes: MAX_BYTES,
        includeVoided: true,
        fresh: true,
        ...(after > 0 && { after }),
      })
      for (const { text, source, voided } of page.statements)
        if (isTheirs(link, source)) yield { source, voided, statement: JSON.parse(text) as unknown }
      const last = page.statements.at(-1)
      if (!page.more || !last) break
      after = last.position
    }
  }
}

async function* documentsOf({ documents }: ContentsDeps, open: readonly Link[]) {
  for (const link of open) {
    const { agent } = link
    for (const { agent: _, ...key } of await documents.keysOf(agent)) {
      if (!isTheirs(link, key.source)) continue
      const found = await documents.get({ ...key, agent })
      if (!found) continue
      const { content, contentType, updated } = found
      yield {
        identifier: identifierOf(agent),
        ...key,
        contentType,
        updated: new Date(updated).toISOString(),
        base64: Buffer.from(content).toString('base64'),
      }
    }
  }
}

function readme(files: readonly ArchiveFile[]): string {
  const list = (language: 'vi' | 'en') =>
    files
      .filter(({ name }) => !name.startsWith('evidence/'))
      .map(({ name, about }) => `  ${name}: ${about[language]}`)
      .join('\n')
  return `Suốt Đời: mọi điều được giữ về bạn, vào lúc tệp này được tạo.
${list('vi')}
  manifest.json: tên, số byte và SHA-256 của từng tệp

Suốt Đời: everything that is kept about you, as of when this was made.
${list('en')}
  manifest.json: name, bytes and SHA-256 of each file
`
}

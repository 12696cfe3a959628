import type { Draft, Lesson, LessonDetails, OwnAttempt } from '../../h5p/index.ts'
import {
  type AuditEntry,
  type ConsumerState,
  type Credential,
  DEFAULT_SCOPES,
  type RequestNote,
  type Source,
  type StoredStatement,
} from '../../lrs/index.ts'
import { FOUR_H, KINDS, type Level, type LineTeller, type RecordLine } from '../../profiles/index.ts'
import TOPICS from '../../schemas/topics.json' with { type: 'json' }

const DAY = 86_400_000

const NAMES = [
  ['Phân loại rác tại nhà', 'Sorting waste at home'],
  ['Phòng đuối nước cho trẻ em', 'Keeping children from drowning'],
  ['Ủ phân hữu cơ từ rác nhà bếp và phụ phẩm nông nghiệp', 'Composting kitchen and farm waste'],
  ['Dùng điện thoại an toàn', 'Using a phone safely'],
  ['Tiếng Anh giao tiếp, buổi 12', 'Spoken English, session 12'],
  ['Luật Bảo vệ dữ liệu cá nhân cho mọi người', 'The personal data protection law for everybody'],
] as const
const LEVELS: readonly Level[] = ['he-thong', 'tu-khai', 'xac-nhan', 'van-bang']

/** `count` lines over three years, newest first, of every kind. */
export function sampleLines(person: string, count: number, now = Date.now()): RecordLine[] {
  return Array.from({ length: count }, (_, at) => {
    const [vi, en] = NAMES[at % NAMES.length]!
    const level = LEVELS[at % 7 === 0 ? 1 : at % 11 === 0 ? 3 : at % 5 === 0 ? 2 : 0]!
    const source = level === 'tu-khai' ? 'product' : level === 'xac-nhan' ? 'centre' : 'school'
    const line: RecordLine = {
      id: `line-${at}`,
      person,
      at: now - Math.floor((at * 3 * 365 * DAY) / Math.max(count, 3)) - 3_600_000,
      activity: {
        id: `https://example.org/a/${at % NAMES.length}`,
        name: at === 5 ? {} : { vi, en },
        type: null,
      },
      verb: {
        id: 'http://adlnet.gov/expapi/verbs/completed',
        display: { vi: 'hoàn thành', en: 'completed' },
      },
      kind: at === 5 ? null : KINDS[at % KINDS.length]!,
      h: at === 5 ? null : FOUR_H[at % 4]!,
      topic: at % 6 === 5 ? null : TOPICS[at % TOPICS.length]!.iri,
      attempts:
        at === 3
          ? { count: 3, most: false, best: { raw: 9, max: 10 }, last: { raw: 8, max: 10 }, lastSuccess: true }
          : null,
      score: at % 3 === 0 ? { scaled: 0.8, raw: 8, max: 10 } : at % 4 === 0 ? { scaled: 0.855 } : null,
      success: at % 3 === 0 ? at % 9 !== 0 : null,
      completed: at % 2 === 0,
      duration: at % 4 === 3 ? null : 60_000 * (3 + ((at * 7) % 90)),
      source,
      level,
      statements: [`00000000-0000-4000-8000-0000000000${SAMPLE_SOURCES.indexOf(source)}${at % 3}`],
      statementCount: 1 + (at % 3),
    }
    return at === 1 ? toldTwice(line) : at === 4 ? { ...line, misdated: 'after-stored' } : line
  })
}

/** A centre tells of it too. */
function toldTwice(line: RecordLine): RecordLine {
  const own: LineTeller = { ...line, line: line.id, source: 'centre', level: 'xac-nhan' }
  const other: LineTeller = {
    ...line,
    line: 'line-1-school',
    at: line.at - 300_000,
    source: 'school',
    level: 'he-thong',
  }
  return { ...line, source: own.source, level: own.level, tellers: [own, other] }
}

export function sampleLessons(author: string, count: number, now = Date.now()): Lesson[] {
  return Array.from({ length: count }, (_, at) => {
    const isDraft = at % 4 === 3
    return lessonOf({
      id: `lesson-${at}`,
      author,
      status: isDraft ? 'draft' : 'published',
      current: isDraft ? null : 1,
      latest: isDraft ? 0 : 1,
      draft: sampleDraft(at),
      created: now - at * DAY - DAY,
      published: isDraft ? null : now - at * DAY,
    })
  })
}

/** One that was finished, a better one before, and one that was left. */
export function sampleAttempts(now = Date.now()): OwnAttempt[] {
  const base = {
    version: 1,
    goesOn: false,
    completion: { by: 'answered' },
    mode: { kind: 'practice' },
    passed: null,
    declared: false,
  } as const
  return [
    {
      ...base,
      id: 'attempt-3',
      started: now - DAY,
      finished: now - DAY + 4e5,
      score: { raw: 7, max: 10 },
      active: 4e5,
    },
    {
      ...base,
      id: 'attempt-2',
      started: now - 3 * DAY,
      finished: now - 3 * DAY + 5e5,
      score: { raw: 9, max: 10 },
      active: 5e5,
    },
    { ...base, id: 'attempt-1', started: now - 9 * DAY, finished: null, score: null, active: 6e4 },
  ]
}

/** A lesson that shows its draft. */
export const lessonOf = (
  state: Omit<Lesson, keyof LessonDetails | 'changed' | 'library' | 'anonymous'>,
): Lesson => ({
  ...state,
  ...state.draft.details,
  changed: false,
  library: state.draft.library,
  anonymous: state.draft.anonymous,
})

function sampleDraft(at: number): Draft {
  const part = at < NAMES.length ? '' : `, phần ${Math.floor(at / NAMES.length) + 1}`
  return {
    content: `content-${at}`,
    library: 'H5P.TrueFalse 1.8',
    details: {
      title: NAMES[at % NAMES.length]![0] + part,
      description:
        at % 3 === 2
          ? ''
          : 'Bài ngắn cho cả nhà: đọc, trả lời vài câu hỏi, xem ngay kết quả. Khoảng 10 phút.',
      language: 'vi',
      topics: [TOPICS[at % TOPICS.length]!.iri],
      audience: [],
      licence: { code: 'CC BY-SA', version: '4.0' },
      authors: [{ name: 'Nguyễn Thị Hoa' }],
    },
    completion: { by: 'answered' },
    mode: { kind: 'practice' },
    anonymous: false,
  }
}

const SAMPLE_SOURCES = ['school', 'centre', 'product'] as const
/** Which source told a statement behind a sample line. */
export const sourceOfSample = (id: string): string => SAMPLE_SOURCES[Number(id.at(-2))] ?? 'school'

/** What stands behind sample lines. */
export function sampleStatement(id: string): string {
  return JSON.stringify({
    stored: '2026-11-24T13:10:00.000Z',
    timestamp: '2026-11-24T13:10:00.000Z',
    id,
    actor: { objectType: 'Agent', account: { homePage: 'https://example.org', name: 'a1b2' } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { vi: 'trả lời', en: 'answered' } },
    object: { id: 'https://example.org/a/1', definition: { name: { vi: NAMES[1][0], en: NAMES[1][1] } } },
    result: { score: { raw: 8, max: 10, scaled: 0.8 }, duration: 'PT4M10S', response: 'true', success: true },
  })
}

const VERBS = [
  ['http://adlnet.gov/expapi/verbs/completed', 'hoàn thành', 'completed'],
  ['http://adlnet.gov/expapi/verbs/answered', 'trả lời', 'answered'],
  ['http://adlnet.gov/expapi/verbs/passed', 'đạt', 'passed'],
  ['http://id.tincanapi.com/verb/viewed', 'xem', 'viewed'],
] as const

export const sampleId = (at: number) => `10000000-0000-4000-8000-${String(at).padStart(12, '0')}`

/**
 * `count` statements, oldest first, one a quarter of an hour. Number 3 is voided by number 4 of its own source; number 5
 * was to be voided by number 6 of another, without effect; number 7 has an attachment.
 */
export function sampleStatements(count: number, now = Date.now()): StoredStatement[] {
  return Array.from({ length: count }, (_, at) => {
    const id = sampleId(at)
    const stored = now - (count - at) * 900_000
    const voiding = at === 4 || at === 6
    const [verb, vi, en] = voiding
      ? (['http://adlnet.gov/expapi/verbs/voided', 'hủy', 'voided'] as const)
      : VERBS[at % VERBS.length]!
    const [nameVi, nameEn] = NAMES[at % NAMES.length]!
    const statement = {
      stored: new Date(stored).toISOString(),
      timestamp: new Date(stored - 60_000).toISOString(),
      id,
      actor:
        at % 5 === 0
          ? { objectType: 'Agent', name: 'Nguyễn Thị Ánh Nguyệt', mbox: 'mailto:nguyet@example.org' }
          : {
              objectType: 'Agent',
              account: { homePage: 'https://lms.example.org', name: `hoc-vien-${at % 9}` },
            },
      verb: { id: verb, display: { vi, en } },
      object: voiding
        ? { objectType: 'StatementRef', id: sampleId(at - 1) }
        : {
            objectType: 'Activity',
            id: `https://lms.example.org/a/${at % NAMES.length}`,
            definition: { name: { vi: nameVi, en: nameEn } },
          },
      ...(at % 3 === 0 && {
        result: {
          score: { raw: 8, max: 10, scaled: 0.8 },
          success: true,
          completion: true,
          duration: 'PT4M10S',
        },
      }),
      context: { registration: sampleId(1000 + (at % 4)), platform: 'Moodle', language: 'vi' },
      authority: { objectType: 'Agent', name: 'school', account: { homePage: 'urn:t', name: 'school' } },
      version: '1.0.3',
      ...(at === 7 && {
        attachments: [
          {
            usageType: 'http://adlnet.gov/expapi/attachments/certificate',
            display: { vi: 'Giấy chứng nhận', en: 'Certificate' },
            contentType: 'application/pdf',
            length: 48_213,
            sha2: 'a'.repeat(64),
          },
        ],
      }),
    }
    return {
      position: at + 1,
      id,
      text: JSON.stringify(statement),
      stored,
      source: at === 6 ? 'centre' : 'school',
      fingerprint: `1:${at}`,
      refersTo: voiding ? sampleId(at - 1) : null,
      voiding,
      voided: at === 3,
      attachments: at === 7 ? ['a'.repeat(64)] : [],
    }
  })
}

export function sampleSources(now = Date.now()): Source[] {
  const school = { homePages: ['https://lms.example.org'], activityPrefixes: ['https://lms.example.org/'] }
  const kinds = [
    ['product', 'Suốt Đời', 'product'],
    ['school', 'Moodle, Trường THPT Sông Hồng', 'lms'],
    ['centre', 'TTHTCĐ xã Mẫu', 'centre'],
    ['quiet', 'Sakai, Trường Cao đẳng Nghề Mẫu', 'lms'],
  ] as const
  return kinds.map(([id, name, kind]) => ({
    id,
    tenant: 't',
    name,
    kind,
    homePages: id === 'school' ? school.homePages : [],
    activityPrefixes: id === 'school' ? school.activityPrefixes : [],
    created: now - 5e10,
  }))
}

export function sampleCredentials(now = Date.now()): Credential[] {
  const base = { tenant: 't', scopes: [...DEFAULT_SCOPES], created: now - 4e10, expires: null, revoked: null }
  return [
    { ...base, key: 'school-key-1', source: 'school', label: 'Máy chủ Moodle', expires: now + 5 * 3_600_000 },
    { ...base, key: 'school-key-2', source: 'school', label: 'Máy chủ Moodle', created: now - 3_600_000 },
    { ...base, key: 'school-key-0', source: 'school', label: 'Máy chủ cũ', revoked: now - 1e9 },
    {
      ...base,
      key: 'centre-key',
      source: 'centre',
      label: 'Sổ điểm danh',
      scopes: ['statements/write', 'all/read'],
    },
  ]
}

/** Oldest first: a busy school whose last request but one was refused, and a centre whose last one was. */
export function sampleRequests(now = Date.now()): RequestNote[] {
  const note = (
    source: string,
    credential: string,
    ago: number,
    change: Partial<RequestNote>,
  ): RequestNote => ({
    at: now - ago,
    source,
    credential,
    method: 'POST',
    path: '/xapi/statements',
    status: 200,
    problems: [],
    statements: 3,
    userAgent: 'Moodle/5.1 (logstore_xapi)',
    ...change,
  })
  const refused = {
    status: 400,
    statements: 0,
    problems: ['statements[2].actor: an Agent has exactly one of mbox, mbox_sha1sum, openid, account.'],
  }
  return [
    ...Array.from({ length: 20 }, (_, at) => note('school', 'school-key-1', (30 - at) * 60_000, {})),
    note('school', 'school-key-2', 90_000, refused),
    note('school', 'school-key-2', 5_000, {}),
    note('centre', 'centre-key', 20_000, {
      status: 403,
      statements: 0,
      method: 'GET',
      problems: ['This needs the scope statements/read or statements/read/mine.'],
      userAgent: '',
    }),
  ]
}

export function sampleConsumers(now = Date.now()): ConsumerState[] {
  return [
    { name: 'transcript', position: 1234, end: 1234, behindSince: null, lastError: null, failures: 0 },
    {
      name: 'forwarding',
      position: 1200,
      end: 1234,
      behindSince: now - 240_000,
      lastError: null,
      failures: 0,
    },
    {
      name: 'statistics',
      position: 3,
      end: 1234,
      behindSince: now - 7_200_000,
      lastError: { at: now - 30_000, message: 'connect ECONNREFUSED 192.0.2.7:443' },
      failures: 4,
    },
  ]
}

/** An entry as the audit holds it, `ago` milliseconds before `now`. */
export function sampleEntry(
  ago: number,
  action: AuditEntry['action'],
  change: Partial<AuditEntry> = {},
  now = Date.now(),
): AuditEntry {
  const at = now - ago
  const ids = `${at.toString(36).padStart(9, '0')}-${(entries++).toString(16).padStart(14, '0')}`
  const none = { source: null, credential: null, subjects: [], of: [], detail: {} }
  return { id: ids, at, tenant: 't', actor: 'operator', action, ...none, ...change }
}
let entries = 0

/** Newest first: every act, then `more` reads of a centre's credential, one an hour. */
export function sampleAudit(more: number, now = Date.now()): AuditEntry[] {
  const school = { source: 'school' }
  const entry = (ago: number, action: AuditEntry['action'], change?: Partial<AuditEntry>) =>
    sampleEntry(ago, action, change, now)
  const read = (ago: number, statements: number) =>
    entry(ago, 'foreign-read', {
      source: 'centre',
      credential: 'centre-key',
      actor: 'centre-key',
      of: ['school'],
      detail: { sources: 1, statements, reads: Math.ceil(statements / 100) },
    })
  return [
    read(60_000, 1240),
    entry(120_000, 'foreign-read', {
      source: 'product',
      credential: 'web',
      of: ['centre', 'product', 'school'],
      detail: { sources: 3, statements: 50, reads: 1 },
    }),
    entry(3_600_000, 'credential-rotate', {
      ...school,
      credential: 'school-key-1',
      detail: { to: 'school-key-2', until: now + 5 * 3_600_000 },
    }),
    entry(4_000_000, 'void', { ...school, actor: 'school', subjects: [sampleId(3), sampleId(4)] }),
    entry(5_000_000, 'void', {
      source: 'centre',
      actor: 'centre',
      of: ['school'],
      subjects: [sampleId(8), sampleId(9)],
    }),
    entry(6_000_000, 'link', { subjects: ['citizen'], detail: { identifier: 'Zm9v', kind: 'account' } }),
    entry(7_000_000, 'unlink', { subjects: ['citizen'], detail: { identifier: 'Zm9v', kind: 'mbox' } }),
    entry(8_000_000, 'role-grant', { actor: 'cli:root', subjects: ['author'], detail: { role: 'author' } }),
    entry(9_000_000, 'password-change', { actor: 'citizen', subjects: ['citizen'] }),
    entry(10_000_000, 'purge', {
      actor: 'lrs',
      subjects: [sampleId(20), sampleId(21)],
      detail: { position: 40, statements: 2 },
    }),
    entry(11_000_000, 'rewrite', {
      actor: 'lrs',
      subjects: [sampleId(22)],
      detail: { position: 39, statements: 1 },
    }),
    entry(12_000_000, 'configuration-change', {
      actor: 'start',
      detail: { changed: ['PORT: 8080 → 9090', 'LRS_SECRET: not set → set'] },
    }),
    entry(13_000_000, 'backup', { actor: 'cli:root', detail: { bytes: 3_400_000_000 } }),
    entry(1e9, 'credential-revoke', { ...school, credential: 'school-key-0' }),
    entry(1.1e9, 'credential-narrow', {
      ...school,
      credential: 'school-key-1',
      detail: { scopes: ['statements/write'] },
    }),
    ...Array.from({ length: more }, (_, at) => read(1.2e9 + at * 3_600_000, 10 + at)),
    entry(4e10, 'credential-issue', {
      ...school,
      credential: 'school-key-1',
      detail: { scopes: [...DEFAULT_SCOPES], expires: null },
    }),
    entry(5e10, 'source-create', {
      ...school,
      actor: 'cli:root',
      detail: { name: 'Moodle, Trường THPT Sông Hồng', kind: 'lms', homePages: [], prefixes: [] },
    }),
  ]
}

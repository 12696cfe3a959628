import type { Lesson } from '../../h5p/index.ts'
import { TOPICS } from '../../h5p/index.ts'
import type { Level, RecordLine } from '../../profiles/index.ts'

/** 24/11/2026 20:15 in Việt Nam: the day on which samples are looked at. */
export const SAMPLE_NOW = Date.UTC(2026, 10, 24, 13, 15)
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
    return {
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
      score: at % 3 === 0 ? { scaled: 0.8, raw: 8, max: 10 } : at % 4 === 0 ? { scaled: 0.855 } : null,
      success: at % 3 === 0 ? at % 9 !== 0 : null,
      completed: at % 2 === 0,
      duration: at % 4 === 3 ? null : 60_000 * (3 + ((at * 7) % 90)),
      source: level === 'tu-khai' ? 'product' : level === 'xac-nhan' ? 'centre' : 'school',
      level,
      statements: [`00000000-0000-4000-8000-00000000000${at % 3}`],
      statementCount: 1 + (at % 3),
    }
  })
}

export function sampleLessons(author: string, count: number, now = Date.now()): Lesson[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `lesson-${at}`,
    title:
      NAMES[at % NAMES.length]![0] + (at < NAMES.length ? '' : `, phần ${Math.floor(at / NAMES.length) + 1}`),
    description:
      at % 3 === 2 ? '' : 'Bài ngắn cho cả nhà: đọc, trả lời vài câu hỏi, xem ngay kết quả. Khoảng 10 phút.',
    language: 'vi',
    topic: TOPICS[at % TOPICS.length]!.iri,
    author,
    status: at % 4 === 3 ? 'draft' : 'published',
    library: 'H5P.TrueFalse 1.8',
    created: now - at * DAY - DAY,
    published: at % 4 === 3 ? null : now - at * DAY,
  }))
}

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

import { randomUUID } from 'node:crypto'

/** Where the sample's LMS says that it lives; `.example` belongs to nobody (RFC 2606). */
export const SAMPLE_LMS = 'https://lms-mau.example'

interface SampleCourse {
  slug: string
  vi: string
  en: string
  /** One entry an attempt, the oldest first. */
  attempts: readonly { daysAgo: number; minutes: number; score: number | null; passed: boolean | null }[]
}

const COURSES: readonly SampleCourse[] = [
  {
    slug: 'ky-nang-so',
    vi: 'Kỹ năng số: nộp hồ sơ trực tuyến',
    en: 'Digital skills: filing a request online',
    attempts: [{ daysAgo: 232, minutes: 50, score: 0.7, passed: true }],
  },
  {
    slug: 'so-cuu',
    vi: 'Sơ cứu ban đầu tại gia đình',
    en: 'First aid at home',
    attempts: [{ daysAgo: 205, minutes: 35, score: 0.85, passed: true }],
  },
  {
    slug: 'an-toan-mang',
    vi: 'An toàn khi dùng mạng xã hội',
    en: 'Staying safe on social networks',
    attempts: [
      { daysAgo: 178, minutes: 18, score: 0.45, passed: false },
      { daysAgo: 176, minutes: 22, score: 0.9, passed: true },
    ],
  },
  {
    slug: 'lua-huu-co',
    vi: 'Trồng lúa theo hướng hữu cơ',
    en: 'Growing rice the organic way',
    attempts: [{ daysAgo: 149, minutes: 95, score: null, passed: null }],
  },
  {
    slug: 'bao-luc-hoc-duong',
    vi: 'Phòng chống bạo lực học đường',
    en: 'Preventing violence at school',
    attempts: [{ daysAgo: 121, minutes: 40, score: 1, passed: true }],
  },
  {
    slug: 'doc-sach-cung-con',
    vi: 'Đọc sách cùng con',
    en: 'Reading with one’s children',
    attempts: [{ daysAgo: 96, minutes: 30, score: null, passed: null }],
  },
  {
    slug: 'tieng-anh-chao-hoi',
    vi: 'Tiếng Anh giao tiếp: chào hỏi',
    en: 'Everyday English: greetings',
    attempts: [
      { daysAgo: 63, minutes: 25, score: 0.6, passed: true },
      { daysAgo: 60, minutes: 20, score: 0.8, passed: true },
    ],
  },
  {
    slug: 'chi-tieu-gia-dinh',
    vi: 'Ghi chép chi tiêu gia đình',
    en: 'Keeping a household budget',
    attempts: [{ daysAgo: 34, minutes: 45, score: 0.75, passed: true }],
  },
  {
    slug: 'rac-nong-nghiep',
    vi: 'Thu gom rác thải trong sản xuất nông nghiệp',
    en: 'Collecting waste from farming',
    attempts: [{ daysAgo: 6, minutes: 28, score: 0.95, passed: true }],
  },
]

const VERBS = {
  initialized: {
    id: 'http://adlnet.gov/expapi/verbs/initialized',
    display: { vi: 'đã bắt đầu', en: 'started' },
  },
  completed: {
    id: 'http://adlnet.gov/expapi/verbs/completed',
    display: { vi: 'đã hoàn thành', en: 'completed' },
  },
  passed: { id: 'http://adlnet.gov/expapi/verbs/passed', display: { vi: 'đã đạt', en: 'passed' } },
  failed: { id: 'http://adlnet.gov/expapi/verbs/failed', display: { vi: 'chưa đạt', en: 'failed' } },
  voided: { id: 'http://adlnet.gov/expapi/verbs/voided', display: { vi: 'đã hủy hiệu lực', en: 'voided' } },
} as const

/**
 * A few months of one learner at the sample's LMS, the oldest first, as xAPI 1.0.3 statements: a start and an end for
 * every attempt, and one statement that was sent by mistake and voided.
 */
export function sampleStatements(actor: object, now: number): object[] {
  const attempts = COURSES.flatMap((course) => course.attempts.map((attempt) => ({ course, attempt })))
  const lines = attempts.flatMap(({ course, attempt }) => {
    // In the evening in Việt Nam.
    const end = evening(now - attempt.daysAgo * 86_400_000)
    const about = { course, registration: randomUUID(), actor }
    const verb = attempt.passed === null ? 'completed' : attempt.passed ? 'passed' : 'failed'
    const result = {
      completion: true,
      duration: `PT${attempt.minutes}M`,
      ...(attempt.passed === null ? {} : { success: attempt.passed }),
      ...(attempt.score === null
        ? {}
        : { score: { scaled: attempt.score, raw: attempt.score * 20, min: 0, max: 20 } }),
    }
    return [
      statement(about, 'initialized', end - attempt.minutes * 60_000),
      { ...statement(about, verb, end), result },
    ]
  })
  const last = COURSES.at(-1)
  if (!last) return lines
  const mistake = statement(
    { course: last, registration: randomUUID(), actor },
    'initialized',
    now - 86_400_000,
  )
  const voiding = {
    id: randomUUID(),
    actor,
    verb: VERBS.voided,
    object: { objectType: 'StatementRef', id: mistake.id },
    timestamp: new Date(now - 85_000_000).toISOString(),
  }
  return [...lines, mistake, voiding]
}

function statement(
  about: { course: SampleCourse; registration: string; actor: object },
  verb: keyof typeof VERBS,
  at: number,
) {
  const { course, registration, actor } = about
  return {
    id: randomUUID(),
    actor,
    verb: VERBS[verb],
    object: {
      objectType: 'Activity',
      id: `${SAMPLE_LMS}/khoa-hoc/${course.slug}`,
      definition: {
        type: 'http://adlnet.gov/expapi/activities/course',
        name: { vi: course.vi, en: course.en },
      },
    },
    context: { registration, platform: 'Dữ liệu mẫu', language: 'vi' },
    timestamp: new Date(at).toISOString(),
  }
}

/** 20:00 in Việt Nam (UTC+7, no summer time) on the day of this time. */
function evening(time: number): number {
  const dayLength = 86_400_000
  const offset = 7 * 3_600_000
  return Math.floor((time + offset) / dayLength) * dayLength - offset + 20 * 3_600_000
}

/** Who learns what in a data set: identifiers by number, so that nothing has to be remembered. */

/** What sends: each with credentials of its own. */
export const SOURCES = ['lms-tinh', 'lms-dai-hoc', 'trung-tam-hoc-tap', 'thu-vien'] as const
export const homePage = (source: number) => `https://${SOURCES[source]}.example`

export interface Identity {
  objectType: 'Agent'
  name: string
  mbox?: string
  openid?: string
  account?: { homePage: string; name: string }
}

/** The agent that has a tenth of all statements. */
export const HOT_AGENT: Identity = {
  objectType: 'Agent',
  name: 'Học viên thường trực',
  account: { homePage: homePage(0), name: 'thuong-truc' },
}
/** The activity that a tenth of all statements are about, none of them by the hot agent or with `ANSWERED`. */
export const HOT_ACTIVITY = `${homePage(0)}/hoat-dong/chung`

/** A learner is at home at one source; how it names people depends on the source's software. */
export function learner(number: number): Identity {
  const name = `Học viên ${number}`
  if (number % 20 === 7) return { objectType: 'Agent', name, openid: `https://id.example/hoc-vien/${number}` }
  if (number % 4 === 2) return { objectType: 'Agent', name, mbox: `mailto:hoc-vien-${number}@mau.example` }
  return {
    objectType: 'Agent',
    name,
    account: { homePage: homePage(sourceOf(number)), name: `hv-${number}` },
  }
}
export const sourceOf = (learnerNumber: number) => (learnerNumber * 7) % SOURCES.length

export const instructor = (number: number): Identity => ({
  objectType: 'Agent',
  name: `Giảng viên ${number}`,
  mbox: `mailto:giang-vien-${number}@mau.example`,
})

export const team = (number: number, members: readonly Identity[]) => ({
  objectType: 'Group',
  name: `Tổ học tập ${number}`,
  account: { homePage: homePage(number % SOURCES.length), name: `to-${number}` },
  member: members,
})

export interface Activity {
  objectType: 'Activity'
  id: string
  definition?: { type: string; name: Record<string, string>; description?: Record<string, string> }
}

const TYPES = ['lesson', 'assessment', 'media', 'cmi.interaction', 'module'] as const

export const courseId = (course: number) => `${homePage(course % SOURCES.length)}/khoa-hoc/${course}`

export function courseActivity(course: number): Activity {
  return {
    objectType: 'Activity',
    id: courseId(course),
    definition: {
      type: 'http://adlnet.gov/expapi/activities/course',
      name: { vi: `Khóa học ${course}`, en: `Course ${course}` },
    },
  }
}

export function unitActivity(course: number, unit: number): Activity {
  return {
    objectType: 'Activity',
    id: `${courseId(course)}/hoat-dong/${unit}`,
    definition: {
      type: `http://adlnet.gov/expapi/activities/${TYPES[unit % TYPES.length]}`,
      name: { vi: `Hoạt động ${unit} của khóa học ${course}`, en: `Activity ${unit} of course ${course}` },
      description: {
        vi: 'Người học đọc tài liệu, xem bài giảng và trả lời câu hỏi theo nhịp của mình; kết quả được ghi lại.',
        en: 'Learners read, watch and answer questions at their own pace; the result is recorded.',
      },
    },
  }
}

export const HOT: Activity = {
  objectType: 'Activity',
  id: HOT_ACTIVITY,
  definition: {
    type: 'http://adlnet.gov/expapi/activities/lesson',
    name: { vi: 'Hoạt động chung', en: 'The common activity' },
  },
}

export const programme = (number: number): Activity => ({
  objectType: 'Activity',
  id: `https://chuong-trinh.example/${number}`,
})
export const category = (number: number): Activity => ({
  objectType: 'Activity',
  id: `https://phan-loai.example/${number}`,
})

export interface Verb {
  id: string
  display: Record<string, string>
  /** Out of one. */
  share: number
  scored: boolean
}
const adl = (id: string, vi: string, share: number, scored = false): Verb => ({
  id: `http://adlnet.gov/expapi/verbs/${id}`,
  display: { vi, en: id },
  share,
  scored,
})
export const VERBS: readonly Verb[] = [
  adl('experienced', 'trải nghiệm', 0.32),
  adl('answered', 'trả lời', 0.18, true),
  adl('interacted', 'tương tác', 0.18),
  adl('completed', 'hoàn thành', 0.1, true),
  adl('progressed', 'tiến bộ', 0.08),
  adl('passed', 'đạt', 0.05, true),
  adl('launched', 'mở', 0.04),
  adl('attempted', 'thử', 0.03),
  adl('failed', 'chưa đạt', 0.015, true),
  adl('mastered', 'thành thạo', 0.005, true),
]
export const ANSWERED = VERBS[1]!
export const COMMENTED = adl('commented', 'nhận xét', 0)
export const VOIDED = adl('voided', 'hủy bỏ', 0)

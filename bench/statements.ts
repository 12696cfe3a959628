import { createRandom, type Random } from './random.ts'

/**
 * Statements as a province's systems send them: answers in H5P exercises, visits and completions in Moodle, moves in
 * videos. Vietnamese text, account actors, activity definitions, context with registration, parent, grouping and
 * category, and a result; some twenty statements of one sitting share a registration. 1,950 to 2,150 bytes each, 2 kB in the mean. An activity has one definition, as in real
 * systems, where it rarely changes.
 */
export interface StatementsOptions {
  seed: number
  /** Persons and activities to draw from. */
  actors: number
  activities: number
  /** Time of the first statement, ms; each later one is a second later. */
  from?: number
}

/** What may be fixed of a statement that is otherwise drawn. */
export interface Fixed {
  actor?: number
  activity?: number
  registration?: string
  timestamp?: number
}

export interface Statements {
  /** Next statement as JSON text that begins with `{"id":"`. */
  next(fixed?: Fixed): string
}

const SITE = 'https://lms.example.vn'
/** Home page of the accounts; the name is the number of the actor, from `accountName`. */
export const ACCOUNT_HOME = SITE
const VERBS = 'http://adlnet.gov/expapi/verbs'

export const accountName = (actor: number): string => `hv-${String(actor).padStart(7, '0')}`
export const activityId = (activity: number): string => `${SITE}/mod/${kindOf(activity)}/${activity}`

/** The same statements from the same seed. */
export function createStatements(options: StatementsOptions): Statements {
  const random = createRandom(options.seed)
  const from = options.from ?? Date.UTC(2026, 0, 5, 1)
  const sittings = Array.from({ length: SITTINGS }, () => sitDown(random, options))
  let count = 0
  return {
    next(fixed = {}) {
      const at = random.below(SITTINGS)
      if (sittings[at]!.left-- === 0) sittings[at] = sitDown(random, options)
      const sitting = sittings[at]!
      const actor = fixed.actor ?? sitting.actor
      const activity =
        fixed.activity ??
        Math.min(options.activities - 1, sitting.course * IN_COURSE + random.below(IN_COURSE))
      const registration =
        fixed.registration ?? (fixed.actor === undefined ? sitting.registration : random.uuid())
      const statement = {
        id: random.uuid(),
        actor: {
          objectType: 'Agent',
          name: nameOf(actor),
          account: { homePage: ACCOUNT_HOME, name: accountName(actor) },
        },
        ...KINDS[kindOf(activity)](random, activity),
        context: contextOf(activity, registration),
        timestamp: new Date(fixed.timestamp ?? from + count * 1000).toISOString(),
      }
      count++
      return JSON.stringify(statement)
    },
  }
}

/** One learner at one course: what they do in a sitting comes under one registration. */
interface Sitting {
  actor: number
  course: number
  registration: string
  left: number
}

/** Learners at work at the same time, and what one of them does before they leave. */
const SITTINGS = 200
const FEWEST = 5
const MORE = 36
/** Activities of one course. */
const IN_COURSE = 16

function sitDown(random: Random, { actors, activities }: StatementsOptions): Sitting {
  return {
    actor: random.below(actors),
    course: random.below(Math.ceil(activities / IN_COURSE)),
    registration: random.uuid(),
    left: FEWEST + random.below(MORE),
  }
}

type Kind = 'h5p' | 'course' | 'video'

function kindOf(activity: number): Kind {
  return (['h5p', 'h5p', 'course', 'video'] as const)[activity % 4]!
}

const KINDS: Record<
  Kind,
  (random: Random, activity: number) => { verb: object; object: object; result: object }
> = {
  h5p: (random, activity) => {
    const raw = random.below(11)
    return {
      verb: verb('answered', 'đã trả lời', 'answered'),
      object: {
        objectType: 'Activity',
        id: activityId(activity),
        definition: {
          type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
          name: {
            vi: `Câu ${(activity % 20) + 1}: ${titleOf(activity)}`,
            en: `Question ${(activity % 20) + 1}`,
          },
          description: { vi: 'Chọn tất cả các câu trả lời đúng rồi bấm “Kiểm tra”.' },
          interactionType: 'choice',
          correctResponsesPattern: ['0[,]2'],
          choices: CHOICES.map((vi, id) => ({ id: String(id), description: { vi } })),
          extensions: { 'http://h5p.org/x-api/h5p-local-content-id': activity },
        },
      },
      result: {
        response: random.pick(['0[,]2', '0', '1[,]3', '2[,]3']),
        score: { min: 0, max: 10, raw, scaled: raw / 10 },
        success: raw >= 5,
        completion: true,
        duration: `PT${random.below(300) + 1}.${random.below(100)}S`,
      },
    }
  },
  course: (random, activity) => ({
    verb: verb('completed', 'đã hoàn thành', 'completed'),
    object: {
      objectType: 'Activity',
      id: activityId(activity),
      definition: {
        type: 'http://adlnet.gov/expapi/activities/module',
        name: { vi: titleOf(activity), en: `Module ${activity}` },
        description: { vi: describe(activity, 330) },
        extensions: {
          'https://w3id.org/learning-analytics/learning-management-system/external-id': activity,
        },
      },
    },
    result: { completion: true, success: true, duration: `PT${random.below(50) + 5}M${random.below(60)}S` },
  }),
  video: (random, activity) => {
    const at = random.below(900)
    return {
      verb: {
        id: 'https://w3id.org/xapi/video/verbs/paused',
        display: { vi: 'đã tạm dừng', en: 'paused' },
      },
      object: {
        objectType: 'Activity',
        id: activityId(activity),
        definition: {
          type: 'https://w3id.org/xapi/video/activity-type/video',
          name: { vi: `Video: ${titleOf(activity)}`, en: `Video ${activity}` },
          description: { vi: describe(activity, 290) },
        },
      },
      result: {
        extensions: {
          'https://w3id.org/xapi/video/extensions/time': at,
          'https://w3id.org/xapi/video/extensions/progress': at / 900,
          'https://w3id.org/xapi/video/extensions/played-segments': `0[.]${at}`,
        },
      },
    }
  },
}

function verb(name: string, vi: string, en: string): object {
  return { id: `${VERBS}/${name}`, display: { vi, en } }
}

function contextOf(activity: number, registration: string) {
  const course = Math.floor(activity / IN_COURSE)
  return {
    registration,
    platform: 'Moodle',
    language: 'vi',
    contextActivities: {
      parent: [
        { objectType: 'Activity', id: `${SITE}/course/view.php?id=${course}`, definition: courseOf(course) },
      ],
      grouping: [{ objectType: 'Activity', id: SITE }],
      category: [
        {
          objectType: 'Activity',
          id: `http://h5p.org/libraries/${kindOf(activity) === 'video' ? 'H5P.InteractiveVideo-1.27' : 'H5P.MultiChoice-1.16'}`,
          definition: { type: 'http://id.tincanapi.com/activitytype/source' },
        },
      ],
    },
    extensions: {
      'https://lms.example.vn/xapi/ext/lop': { ten: `Lớp ${course % 40}`, hoc_ky: 'HK1 2025–2026' },
    },
  }
}

function courseOf(course: number): object {
  return {
    type: 'http://adlnet.gov/expapi/activities/course',
    name: { vi: `Khoá học ${course}: ${titleOf(course)}`, en: `Course ${course}` },
    description: { vi: describe(course, 85) },
  }
}

/** A text of so many characters. */
function describe(seed: number, length: number): string {
  let text = sentence(seed)
  for (let i = 1; text.length < length; i++) text += ` ${sentence(seed + i)}`
  return text.slice(0, length)
}

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Hoàng', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ']
const MIDDLE = ['Thị', 'Văn', 'Ngọc', 'Minh', 'Thanh', 'Hữu', 'Quốc', 'Thuỳ']
const GIVEN = [
  'An',
  'Bình',
  'Chi',
  'Dũng',
  'Giang',
  'Hạnh',
  'Hoa',
  'Khánh',
  'Lan',
  'Phúc',
  'Sơn',
  'Trang',
  'Yến',
]
const TITLES = [
  'Phân loại rác tại nhà',
  'An toàn giao thông đường bộ',
  'Kỹ năng số cơ bản',
  'Chăm sóc sức khoẻ người cao tuổi',
  'Trồng rau sạch trên sân thượng',
  'Phòng cháy và chữa cháy',
  'Tiếng Anh giao tiếp cho người bán hàng',
  'Quản lý chi tiêu gia đình',
]
const SENTENCES = [
  'Bài học giúp người học nắm được các bước cơ bản và áp dụng ngay vào việc hằng ngày.',
  'Sau khi học xong, người học làm một bài kiểm tra ngắn để tự đánh giá kết quả của mình.',
  'Nội dung được biên soạn cùng trung tâm học tập cộng đồng của xã, phường.',
  'Mỗi phần dài khoảng mười phút, có hình ảnh minh hoạ và câu hỏi ôn tập.',
  'Người học có thể dừng lại bất cứ lúc nào và học tiếp trên điện thoại.',
]
const CHOICES = [
  'Rửa sạch vỏ hộp trước khi bỏ vào thùng tái chế',
  'Bỏ chung tất cả vào một túi',
  'Để riêng pin và bóng đèn hỏng',
  'Đốt rác ở sân sau',
]

const nameOf = (actor: number) =>
  `${FAMILY[actor % FAMILY.length]} ${MIDDLE[(actor >> 2) % MIDDLE.length]} ${GIVEN[(actor >> 4) % GIVEN.length]}`
const titleOf = (number: number) => `${TITLES[number % TITLES.length]} ${(number >> 3) + 1}`
const sentence = (number: number) => SENTENCES[number % SENTENCES.length]!

/** IRIs by which the bridge says what a statement rests on; docs/h5p-xapi.md tells each. */

const SUOTDOI = 'https://w3id.org/suotdoi/xapi'
/** All of these begin so. */
export const OWN_NAMES = `${SUOTDOI}/`
/** Category (context.contextActivities.category) of every statement whose results the learner's browser claims. */
export const BROWSER_CLAIM = `${SUOTDOI}/categories/browser-claim`
/** Category: nobody but the learner says so. */
export const SELF_DECLARED = `${SUOTDOI}/categories/self-declared`
/** Category: done to practise; a score of it is no judgement. */
export const PRACTICE = `${SUOTDOI}/categories/practice`
/** Category: judged by the server alone, which kept the answers to itself until they were handed in. */
export const ASSESSED = `${SUOTDOI}/categories/assessed`
/** Context extension: paths of what the bridge left out or replaced, e.g. `["result.score", "timestamp"]`. */
export const BRIDGE_CHANGES = `${SUOTDOI}/extensions/bridge-changes`
/** Context extension: the score that the server finds for the response, where the browser claims another. */
export const SERVER_SCORE = `${SUOTDOI}/extensions/server-score`
/** Context extension: what the page said of the lesson as a whole until then, `[{verb, at, score?, success?}]`. */
export const BROWSER_CLAIMS = `${SUOTDOI}/extensions/browser-claims`

export const ADL = 'http://adlnet.gov/expapi/verbs/'
export const VERBS: Readonly<Record<string, { vi: string; en: string }>> = {
  [`${ADL}initialized`]: { vi: 'mở bài', en: 'initialized' },
  [`${ADL}attempted`]: { vi: 'bắt đầu', en: 'attempted' },
  [`${ADL}interacted`]: { vi: 'thao tác', en: 'interacted' },
  [`${ADL}answered`]: { vi: 'trả lời', en: 'answered' },
  [`${ADL}progressed`]: { vi: 'học tiếp', en: 'progressed' },
  [`${ADL}completed`]: { vi: 'hoàn thành', en: 'completed' },
  [`${ADL}passed`]: { vi: 'đạt', en: 'passed' },
  [`${ADL}failed`]: { vi: 'chưa đạt', en: 'failed' },
  [`${ADL}experienced`]: { vi: 'đã xem', en: 'experienced' },
  [`${ADL}terminated`]: { vi: 'rời bài', en: 'terminated' },
}
export const CONSUME = 'http://activitystrea.ms/schema/1.0/consume'
export const LESSON_TYPE = 'http://adlnet.gov/expapi/activities/lesson'
/** How far in an activity somebody came; H5P puts it into the definition, where it would change the activity itself. */
export const ENDING_POINT = 'http://id.tincanapi.com/extension/ending-point'

const NAMES: Readonly<Record<string, { vi: string; en: string }>> = {
  [BROWSER_CLAIM]: {
    vi: 'Kết quả do trình duyệt của người học báo',
    en: "Results claimed by the learner's browser",
  },
  [SELF_DECLARED]: { vi: 'Người học tự xác nhận đã học xong', en: 'The learner says that it is done' },
  [PRACTICE]: { vi: 'Luyện tập', en: 'Practice' },
  [ASSESSED]: { vi: 'Kiểm tra, do hệ thống chấm', en: 'Assessed, scored by the system' },
}

/** An activity of context.contextActivities.category. */
export function category(id: string): Record<string, unknown> {
  const name = NAMES[id]
  return { objectType: 'Activity', id, ...(name && { definition: { name: { ...name } } }) }
}

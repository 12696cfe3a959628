const ADL = 'http://adlnet.gov/expapi/activities/'
const TINCAN = 'http://id.tincanapi.com/activitytype/'
const STREAMS = 'http://activitystrea.ms/'
const EDLM = 'https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/'
const ACROSSX = 'https://w3id.org/xapi/acrossx/activities/'

/**
 * Pieces: nobody would tell of a single question or chapter. They go into the line of the activity that they name as
 * their parent, and what is said of them is not said of the whole.
 */
const PARTS = new Set([
  `${ADL}cmi.interaction`,
  `${ADL}question`,
  `${ADL}interaction`,
  `${ADL}objective`,
  `${ADL}lesson-content-page`,
  `${TINCAN}chapter`,
  `${TINCAN}section`,
  `${TINCAN}slide`,
  `${TINCAN}step`,
  `${TINCAN}forum-reply`,
  `${TINCAN}solution`,
  `${STREAMS}schema/1.0/review`,
  `${STREAMS}schema/1.0/review#slot`,
  `${STREAMS}comment`,
  'https://w3id.org/xapi/acrossx/extensions/supplemental-info',
])

/** One go at an activity: it goes into the activity's line too, and its result is the activity's. */
const GOES = new Set([
  `${ADL}attempt`,
  `${EDLM}submission`,
  `${EDLM}lesson-session`,
  `${EDLM}scorm-content-object`,
])

/** Things that stand for themselves, even inside a course that shares their registration. */
const WHOLES = new Set([
  `${ADL}course`,
  `${ADL}lesson`,
  `${ADL}assessment`,
  `${ADL}meeting`,
  'https://w3id.org/xapi/cmi5/activitytype/course',
  `${TINCAN}lms/program`,
  `${EDLM}assignment`,
  `${EDLM}badge`,
  `${EDLM}certificate`,
])

/** The furniture of an LMS: whatever is done to it is no learning, so it makes no line alone. */
const FURNITURE = new Set([
  `${TINCAN}lms`,
  `${TINCAN}site`,
  `${TINCAN}section`,
  `${TINCAN}user-profile`,
  `${TINCAN}chat-message`,
  `${ACROSSX}webpage`,
  `${STREAMS}note`,
  `${EDLM}calendar-event`,
  `${EDLM}calendar-subscription`,
  `${EDLM}course-category`,
  `${EDLM}course-completion-criteria`,
  `${EDLM}group`,
])

export function isFurniture(type: string | null): boolean {
  return type !== null && FURNITURE.has(type)
}

interface Named {
  id: string
  type: string | null
}

/**
 * The activity in whose line a statement belongs: the object itself, or the nearest parent that stands for itself.
 * - A piece or a go by its type, or an H5P sub-content (`?subContentId=`), always goes to its parent.
 * - With a registration anything that names a parent does, unless it stands for itself.
 * `parents` are in the order of the statement, which LMSs write from near to far.
 */
export function rootOf<A extends Named>(object: A, parents: readonly A[], registered: boolean): A | Named {
  const piece = belongsToParent(object)
  const foreign = parents.filter((parent) => parent.id !== object.id)
  if (!piece && (!registered || foreign.length === 0 || WHOLES.has(object.type ?? ''))) return object
  const root = foreign.find((parent) => !belongsToParent(parent))
  if (root) return root
  return isSubContent(object.id) ? { id: withoutSubContent(object.id), type: null } : object
}

/** Whether what is said of the object holds for its whole root: it is the root, or one go at it. */
export function speaksForWhole(object: Named, root: Named): boolean {
  return object.id === root.id || (GOES.has(object.type ?? '') && !isSubContent(object.id))
}

function belongsToParent({ id, type }: Named): boolean {
  return isSubContent(id) || (type !== null && (PARTS.has(type) || GOES.has(type)))
}

function isSubContent(id: string): boolean {
  return /[?&]subContentId=/.test(id)
}

function withoutSubContent(id: string): string {
  return id.replace(/([?&])subContentId=[^&#]*&?/, '$1').replace(/[?&](?=#|$)/, '')
}

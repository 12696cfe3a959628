import topics from '../../schemas/topics.json' with { type: 'json' }
import { ownRule } from './change.ts'
import type { H, Kind, MappingTopic, Rule, Tables } from './tables.ts'

/** Grows with each change of what ships; who changed nothing of their own gets the newer one. */
export const EDITION = 2

const ADL_TYPE = 'http://adlnet.gov/expapi/activities/'
const TINCAN_TYPE = 'http://id.tincanapi.com/activitytype/'
const STREAMS = 'http://activitystrea.ms/schema/1.0/'
const STREAMS_SHORT = 'http://activitystrea.ms/'
const EDLM_TYPE = 'https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/'
const ADL = 'http://adlnet.gov/expapi/verbs/'
const TINCAN = 'http://id.tincanapi.com/verb/'
const TLA = 'https://w3id.org/xapi/tla/verbs/'
const CMI5 = 'https://w3id.org/xapi/adl/verbs/'
const DOD = 'https://w3id.org/xapi/dod-isd/verbs/'
const ACROSSX = 'https://w3id.org/xapi/acrossx/verbs/'
/** Of the learning diary (profiles/diary/statements.ts). */
const OWN = 'https://w3id.org/suotdoi/verbs/'

/** Those that lessons here have. Some of them community learning centres report by; none was checked against a law. */
const TOPICS: readonly MappingTopic[] = topics.map(({ iri, vi, en }) => ({ id: iri, vi, en, sample: true }))

const BY_TYPE: { kind: Kind; h: H; why: string; types: string[] }[] = [
  {
    kind: 'course',
    h: 'hoc',
    why: 'A whole of several lessons.',
    types: [
      `${ADL_TYPE}course`,
      'https://w3id.org/xapi/cmi5/activitytype/course',
      `${TINCAN_TYPE}lms/course`,
      `${TINCAN_TYPE}lms/program`,
    ],
  },
  {
    kind: 'lesson',
    h: 'hoc',
    why: 'One lesson, wherever it is hosted.',
    types: [`${ADL_TYPE}lesson`, `${ADL_TYPE}module`, `${TINCAN_TYPE}tutorial`],
  },
  {
    kind: 'video',
    h: 'hoc',
    why: 'Something to watch.',
    types: ['https://w3id.org/xapi/video/activity-type/video', `${STREAMS}video`, `${STREAMS_SHORT}video`],
  },
  {
    kind: 'test',
    h: 'hieu',
    why: 'It asks what was understood. A question that stands alone is a small test.',
    types: [
      `${ADL_TYPE}assessment`,
      `${ADL_TYPE}cmi.interaction`,
      `${ADL_TYPE}question`,
      `${TINCAN_TYPE}security-check`,
    ],
  },
  {
    kind: 'class',
    h: 'hoc',
    why: 'People come together to learn.',
    types: [`${ADL_TYPE}meeting`, `${STREAMS}event`, `${TINCAN_TYPE}webinar`, `${TINCAN_TYPE}conference`],
  },
  {
    kind: 'reading',
    h: 'hoc',
    why: 'Something to read.',
    types: [
      `${STREAMS}article`,
      `${STREAMS}page`,
      `${TINCAN_TYPE}book`,
      `${TINCAN_TYPE}ebook`,
      `${TINCAN_TYPE}document`,
      `${TINCAN_TYPE}slide-deck`,
    ],
  },
  {
    kind: 'practice',
    h: 'hanh',
    why: 'Something is made or done.',
    types: [
      `${ADL_TYPE}simulation`,
      `${ADL_TYPE}performance`,
      `${TINCAN_TYPE}school-assignment`,
      `${TINCAN_TYPE}project`,
      `${TINCAN_TYPE}checklist`,
      `${EDLM_TYPE}assignment`,
    ],
  },
  {
    kind: 'contribution',
    h: 'hoi',
    why: 'A talk with others: to take part in it is to ask and to answer.',
    types: [`${TINCAN_TYPE}forum-topic`, `${TINCAN_TYPE}discussion`, `${STREAMS}question`, `${STREAMS}issue`],
  },
  {
    kind: 'contribution',
    h: 'hanh',
    why: 'Knowledge of one’s own is given to others.',
    types: [`${TINCAN_TYPE}blog`, `${TINCAN_TYPE}vocabulary-word`],
  },
]

const KIND_BY_VERB: { kind: Kind; why: string; verbs: string[] }[] = [
  { kind: 'class', why: 'One attends a class.', verbs: [`${ADL}attended`, `${STREAMS}attend`] },
  { kind: 'video', why: 'One watches a video.', verbs: [`${STREAMS}watch`, `${TINCAN}watched`] },
  { kind: 'reading', why: 'One reads a text.', verbs: [`${STREAMS}read`, `${ADL}read`] },
  {
    kind: 'contribution',
    why: 'It is given to others.',
    verbs: [
      `${ADL}shared`,
      `${ADL}commented`,
      `${STREAMS}share`,
      `${STREAMS}author`,
      `${TINCAN}mentored`,
      `${TINCAN}replied`,
      `${ADL}replied`,
    ],
  },
]

const H_BY_VERB: { h: H; why: string; verbs: string[] }[] = [
  {
    h: 'hoc',
    why: 'Something was taken in, from its beginning to its end.',
    verbs: [
      `${OWN}learned`,
      `${ADL}completed`,
      `${ADL}attended`,
      `${ADL}experienced`,
      `${ADL}progressed`,
      `${ADL}initialized`,
      `${STREAMS}complete`,
      `${STREAMS_SHORT}complete`,
      `${STREAMS}attend`,
      `${STREAMS}watch`,
      `${STREAMS}read`,
      `${STREAMS}consume`,
      `${TINCAN}watched`,
      `${ADL}read`,
    ],
  },
  {
    h: 'hoi',
    why: 'Others were asked, or talked with.',
    verbs: [
      `${ADL}asked`,
      `${ADL}commented`,
      `${ADL}replied`,
      `${TINCAN}replied`,
      `${TINCAN}requested-attention`,
      `${STREAMS}search`,
      `${ACROSSX}searched`,
    ],
  },
  {
    h: 'hieu',
    why: 'What was understood was shown, and judged.',
    verbs: [
      `${OWN}understood`,
      `${ADL}answered`,
      `${ADL}responded`,
      `${ADL}passed`,
      `${ADL}failed`,
      `${ADL}mastered`,
      `${ADL}scored`,
      `${TLA}scored`,
      `${TLA}achieved`,
      `${TLA}certified`,
      `${CMI5}satisfied`,
      `${DOD}assessed`,
      `${ACROSSX}evaluated`,
      `${TINCAN}earned`,
    ],
  },
  {
    h: 'hanh',
    why: 'Something was done or made, or given to others.',
    verbs: [
      `${OWN}practised`,
      `${ADL}shared`,
      `${STREAMS}share`,
      `${STREAMS}create`,
      `${STREAMS}author`,
      `${STREAMS}submit`,
      `${STREAMS_SHORT}submit`,
      `${TINCAN}mentored`,
      'http://activitystrea.ms/create',
    ],
  },
]

const rule = (of: Pick<Rule, 'tells' | 'by'>, is: string, why: string) => (iri: string) => ({
  ...of,
  iri,
  is,
  why,
})

/** What the product starts with, each row with its reason; from then on the operator's (`/operator/mapping`). */
export const DEFAULTS: Tables = {
  topics: TOPICS,
  rules: [
    ...TOPICS.map(({ id }) => ownRule(id)),
    ...BY_TYPE.flatMap(({ kind, why, types }) => types.map(rule({ tells: 'kind', by: 'type' }, kind, why))),
    ...KIND_BY_VERB.flatMap(({ kind, why, verbs }) =>
      verbs.map(rule({ tells: 'kind', by: 'verb' }, kind, why)),
    ),
    ...H_BY_VERB.flatMap(({ h, why, verbs }) => verbs.map(rule({ tells: 'h', by: 'verb' }, h, why))),
    ...BY_TYPE.flatMap(({ h, why, types }) => types.map(rule({ tells: 'h', by: 'type' }, h, why))),
  ],
}

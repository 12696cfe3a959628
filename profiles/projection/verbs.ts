/**
 * What each verb is worth on a record. One table, so that it can be read and argued about: the strongest verb of a line
 * leads it, and `noise` alone makes no line (it is still counted behind a line that is there for something else).
 */
export const TIERS = ['noise', 'activity', 'answer', 'completion', 'outcome'] as const
export type Tier = (typeof TIERS)[number]

export interface VerbRule {
  tier: Tier
  /** Saying it means that the activity is done. */
  completes?: true
  /** Saying it means success or failure. */
  success?: boolean
  /** Saying it means that the activity was begun, and says nothing of its end. */
  begins?: true
}

const ADL = 'http://adlnet.gov/expapi/verbs/'
const STREAMS = 'http://activitystrea.ms/schema/1.0/'
/** As the Moodle plugin writes the Activity Streams verbs. */
const STREAMS_SHORT = 'http://activitystrea.ms/'
const TINCAN = 'http://id.tincanapi.com/verb/'
const TLA = 'https://w3id.org/xapi/tla/verbs/'
const CMI5 = 'https://w3id.org/xapi/adl/verbs/'
const ACROSSX = 'https://w3id.org/xapi/acrossx/verbs/'
const DOD = 'https://w3id.org/xapi/dod-isd/verbs/'
const VIDEO = 'https://w3id.org/xapi/video/verbs/'
const EDLM = 'https://xapi.edlm/profiles/edlm-lms/concepts/verbs/'
const EDX = 'https://w3id.org/xapi/openedx/verb/'

const TABLE: (VerbRule & { why: string; verbs: string[] })[] = [
  {
    tier: 'outcome',
    completes: true,
    success: true,
    why: 'A judgement in the learner’s favour.',
    verbs: [
      `${ADL}passed`,
      `${ADL}mastered`,
      `${CMI5}satisfied`,
      `${CMI5}waived`,
      `${TLA}achieved`,
      `${TLA}certified`,
      `${TINCAN}earned`,
    ],
  },
  { tier: 'outcome', success: false, why: 'A judgement too.', verbs: [`${ADL}failed`] },
  {
    tier: 'completion',
    completes: true,
    why: 'Done to the end, without a judgement. Being present at a class is doing it.',
    verbs: [
      `${ADL}completed`,
      `${ADL}attended`,
      `${STREAMS}complete`,
      `${STREAMS_SHORT}complete`,
      `${STREAMS}attend`,
    ],
  },
  {
    tier: 'answer',
    why: 'Something was handed in, or a score was given for it.',
    verbs: [
      `${ADL}answered`,
      `${ADL}responded`,
      `${ADL}scored`,
      `${TLA}scored`,
      `${DOD}assessed`,
      `${ACROSSX}evaluated`,
      `${STREAMS}submit`,
      `${STREAMS_SHORT}submit`,
    ],
  },
  {
    tier: 'activity',
    begins: true,
    why: 'Who says so expects that it goes on.',
    verbs: [
      `${ADL}attempted`,
      `${ADL}initialized`,
      `${ADL}progressed`,
      `${STREAMS}start`,
      `${STREAMS_SHORT}start`,
    ],
  },
  {
    tier: 'noise',
    why: 'Looking at a page says nothing about learning, and an LMS sends it at every click.',
    verbs: [`${TINCAN}viewed`, `${DOD}navigated`, `${ADL}launched`, `${STREAMS}open`, `${STREAMS}access`],
  },
  {
    tier: 'noise',
    why: 'A movement inside an activity that tells of itself by stronger verbs.',
    verbs: [
      `${ADL}interacted`,
      `${ADL}suspended`,
      `${ADL}resumed`,
      `${ADL}terminated`,
      `${ADL}exited`,
      `${CMI5}abandoned`,
      `${TLA}suspended`,
      `${TLA}resumed`,
      `${EDLM}restarted`,
      `${EDLM}exceeded`,
      `${VIDEO}played`,
      `${VIDEO}paused`,
      `${VIDEO}seeked`,
    ],
  },
  {
    tier: 'noise',
    why: 'Being let in, put on a list or taken off it is administration.',
    verbs: [
      `${ADL}logged-in`,
      `${ADL}logged-out`,
      `${ADL}registered`,
      `${ADL}unregistered`,
      `${ADL}imported`,
      `${EDLM}login`,
      `${EDLM}logout`,
      `${EDLM}locked`,
      `${EDLM}unlocked`,
      `${EDLM}subscribed`,
      `${EDLM}unsubscribed`,
      `${TLA}verified`,
      `${STREAMS}assign`,
      `${STREAMS}join`,
      `${STREAMS}leave`,
      `${STREAMS_SHORT}join`,
      `${STREAMS_SHORT}leave`,
    ],
  },
  {
    tier: 'noise',
    why: 'Housekeeping of a page, a message or a recording.',
    verbs: [
      `${ACROSSX}edited`,
      `${ACROSSX}reported`,
      `${EDX}unreported`,
      `${EDX}voted`,
      `${DOD}deleted`,
      `${STREAMS}update`,
      `${STREAMS}delete`,
      `${STREAMS_SHORT}update`,
      `${STREAMS_SHORT}delete`,
      `${STREAMS_SHORT}send`,
      `${TINCAN}secured`,
      `${TINCAN}unsecured`,
      `${TINCAN}live`,
      `${TINCAN}adjourned`,
    ],
  },
]

const RULES = new Map(
  TABLE.flatMap(({ verbs, why: _, ...rule }) => verbs.map((iri): [string, VerbRule] => [iri, rule])),
)

/**
 * A verb that is not in the table (attempted, experienced, commented, created, planted, …) is an activity: what a
 * source took the trouble to say is not thrown away because nobody here knew the word.
 */
const UNKNOWN: VerbRule = { tier: 'activity' }

export function verbRule(iri: string): VerbRule {
  return RULES.get(iri) ?? UNKNOWN
}

/** What is said instead when a part of an activity ended: a chapter that was completed did not complete the book. */
export const PROGRESSED = {
  id: `${ADL}progressed`,
  display: { vi: 'đã học một phần', en: 'progressed' },
} as const

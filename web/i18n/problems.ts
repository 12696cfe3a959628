import type { PackageProblem } from '../../h5p/index.ts'
import type { Problem } from '../../lrs/index.ts'
import { actsForOthers, type Person } from '../../profiles/index.ts'
import type { View } from '../view.ts'
import { account } from './messages/account.ts'
import { consents } from './messages/consents.ts'
import { h5p } from './messages/h5p.ts'
import { identifiers } from './messages/identifiers.ts'
import { lessonFile } from './messages/lesson-file.ts'
import { recovery } from './messages/recovery.ts'
import { security } from './messages/security.ts'

/** Rules of profiles that the words name. */
const PASSWORD_MIN = 8
const PASSWORD_MIN_FOR_ROLE = 15
const PASSWORD_MAX = 128
const NAME_MAX = 120

const ACCOUNT_WORDS = {
  'identifier-not-valid': 'identifierBad',
  'identifier-taken': 'identifierTaken',
  'name-missing': 'nameMissing',
  'name-too-long': 'nameLong',
  'name-not-text': 'nameBad',
  'name-citizen-number': 'nameNumber',
  'password-wrong': 'passwordWrong',
  'password-too-short': 'passwordShort',
  'password-too-short-for-role': 'passwordShort',
  'password-too-long': 'passwordLong',
  'password-not-text': 'passwordBroken',
  'password-common': 'passwordCommon',
  'password-like-account': 'passwordPersonal',
} as const

const SECURITY_WORDS = {
  'second-factor-code-wrong': 'codeWrong',
  'second-factor-wait': 'codeWait',
  'second-factor-paper-young': 'codeYoung',
  'second-factor-draft-gone': 'draftGone',
  'passkey-refused': 'passkeyRefused',
  'passkey-known': 'passkeyKnown',
  'passkeys-many': 'passkeysMany',
  'passkey-name-not-valid': 'passkeyNameBad',
} as const

/** The fewest characters of this person's password; without one, of a citizen's. */
export function passwordMin(person?: Pick<Person, 'roles' | 'memberships'>): number {
  return person && actsForOthers(person) ? PASSWORD_MIN_FOR_ROLE : PASSWORD_MIN
}

/** A refusal of profiles in the reader's words; its own English where there are none. */
export function explainAccountProblem(view: View, problem: Problem): string {
  const secure = SECURITY_WORDS[problem.id as keyof typeof SECURITY_WORDS]
  if (secure) return view.say(security)(secure)
  if (problem.id.startsWith('consent-')) return view.say(consents)('wordsChanged')
  const key = ACCOUNT_WORDS[problem.id as keyof typeof ACCOUNT_WORDS]
  if (!key) return problem.message
  const max = problem.id === 'name-too-long' ? NAME_MAX : PASSWORD_MAX
  const min = problem.id === 'password-too-short-for-role' ? PASSWORD_MIN_FOR_ROLE : PASSWORD_MIN
  return view.say(account)(key, { min, max })
}

const CODE_WORDS = {
  'identifier-proven': 'provenAlready',
  'identifiers-many': 'many',
  'identifier-last': 'last',
  'identifier-unknown': 'unknown',
  'code-wrong': 'codeWrong',
  'code-over': 'codeOver',
  'code-spent': 'codeSpent',
} as const

const STAFF_WORDS = {
  'staff-code-document-missing': 'staffDocumentMissing',
  'staff-code-document-number': 'staffDocumentNumber',
  'staff-code-operator': 'staffOperator',
  'staff-code-worker': 'staffWorker',
} as const

/** A refusal of what has to do with codes and what they are sent to. */
export function explainCodeProblem(view: View, problem: Problem): string {
  if (problem.id === 'recovery-code-wrong') return view.say(recovery)('printedWrong')
  if (problem.id === 'recovery-code-second-step') return view.say(recovery)('printedSecondStep')
  const staff = STAFF_WORDS[problem.id as keyof typeof STAFF_WORDS]
  if (staff) return view.say(recovery)(staff)
  const key = CODE_WORDS[problem.id as keyof typeof CODE_WORDS]
  return key ? view.say(identifiers)(key) : explainAccountProblem(view, problem)
}

/** A refusal of a lesson package in its author's words; its own English where there are none yet. */
export function explainPackageProblem(view: View, problem: PackageProblem): string {
  if (problem.id.startsWith('lesson-file-')) return explainLessonFileProblem(view, problem)
  const words: Readonly<Record<string, string>> = h5p[view.language]
  if (!(problem.id in words)) return problem.message
  const values = Object.entries(problem.values ?? {}).map(([name, value]) => [
    name,
    // Sizes come in bytes.
    name.endsWith('ytes') && typeof value === 'number' ? view.format.bytes(value) : value,
  ])
  return view.say(h5p)(problem.id as keyof (typeof h5p)['vi'], Object.fromEntries(values))
}

function explainLessonFileProblem(view: View, problem: PackageProblem): string {
  const id = problem.id.slice('lesson-file-'.length)
  if (!(id in lessonFile.vi)) return problem.message
  return view.say(lessonFile)(id as keyof (typeof lessonFile)['vi'], problem.values ?? {})
}

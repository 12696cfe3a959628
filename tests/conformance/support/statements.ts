import { randomUUID } from 'node:crypto'
import type { Version } from '../../../lrs/statement/types.ts'
import { sha256 } from './multipart.ts'

export const uuid = () => randomUUID()
const place = 'https://hoc.example'

export const VOIDED = 'http://adlnet.gov/expapi/verbs/voided'
export const SIGNATURE = 'http://adlnet.gov/expapi/attachments/signature'

/** Agents by the four kinds of identifier; `name` keeps them apart. */
export const agents = {
  mbox: (name = 'an') => ({ objectType: 'Agent', name, mbox: `mailto:${name}@hoc.example` }),
  mbox_sha1sum: (name = 'an') => ({
    objectType: 'Agent',
    name,
    mbox_sha1sum: sha256(name).slice(0, 40),
  }),
  openid: (name = 'an') => ({ objectType: 'Agent', name, openid: `${place}/openid/${name}` }),
  account: (name = 'an') => ({ objectType: 'Agent', name, account: { homePage: place, name } }),
}

export const group = (name = 'to-1', member: unknown[] = [agents.mbox('binh')]) => ({
  objectType: 'Group',
  name,
  mbox: `mailto:${name}@hoc.example`,
  member,
})

export const anonymousGroup = (...member: unknown[]) => ({
  objectType: 'Group',
  member: member.length ? member : [agents.mbox('binh'), agents.account('chi')],
})

export const verb = (name = 'completed') => ({
  id: `${place}/verbs/${name}`,
  display: { 'vi-VN': 'đã hoàn thành', en: name },
})

export const activity = (name = 'bai-1') => ({
  objectType: 'Activity',
  id: `${place}/activities/${name}`,
  definition: {
    name: { 'vi-VN': 'Phân loại rác', en: 'Sorting waste' },
    description: { vi: 'Bài học về rác thải sinh hoạt' },
    type: 'http://adlnet.gov/expapi/activities/lesson',
    moreInfo: `${place}/about/${name}`,
    extensions: { [`${place}/extensions/level`]: 2 },
  },
})

const component = (id: string) => ({ id, description: { vi: id } })

/** Definitions of the ten kinds of interaction, with the lists each may have. */
export const interactions: Record<string, Record<string, unknown>> = {
  'true-false': { correctResponsesPattern: ['true'] },
  choice: {
    correctResponsesPattern: ['a[,]b'],
    choices: [component('a'), component('b'), component('c')],
  },
  'fill-in': { correctResponsesPattern: ['rác'] },
  'long-fill-in': { correctResponsesPattern: ['{case_matters=false}một câu dài'] },
  matching: {
    correctResponsesPattern: ['a[.]1[,]b[.]2'],
    source: [component('a'), component('b')],
    target: [component('1'), component('2')],
  },
  performance: { correctResponsesPattern: ['a[.]1:10'], steps: [component('a'), component('b')] },
  sequencing: { correctResponsesPattern: ['a[,]b'], choices: [component('a'), component('b')] },
  likert: { correctResponsesPattern: ['a'], scale: [component('a'), component('b')] },
  numeric: { correctResponsesPattern: ['4[:]'] },
  other: { correctResponsesPattern: ['bất kỳ'] },
}

export const interaction = (type: string) => ({
  ...activity(`${type}`),
  definition: { ...activity().definition, interactionType: type, ...structuredClone(interactions[type]) },
})

export const attachment = () => ({
  usageType: `${place}/attachments/certificate`,
  display: { vi: 'Giấy chứng nhận' },
  description: { vi: 'Do trung tâm cấp' },
  contentType: 'application/pdf',
  length: 5,
  sha2: sha256('tệp'),
  fileUrl: `${place}/files/1.pdf`,
})

export const result = () => ({
  score: { scaled: 0.8, raw: 8, min: 0, max: 10 },
  success: true,
  completion: true,
  response: 'a[,]b',
  duration: 'PT1H30M0.5S',
  extensions: { [`${place}/extensions/tries`]: 2 },
})

export const context = (version: Version) => ({
  registration: 'ec531277-b57b-4c15-8d91-d292c5b2b8f7',
  instructor: agents.account('giao-vien'),
  team: group('to-2'),
  contextActivities: {
    parent: [activity('khoa-1')],
    grouping: [activity('chuong-trinh')],
    category: [activity('mau')],
    other: [activity('khac')],
  },
  revision: '3',
  platform: 'suotdoi',
  language: 'vi-VN',
  statement: { objectType: 'StatementRef', id: '8d4f2f4e-5c0c-4a79-9a07-2d9d5b1f8a11' },
  extensions: { [`${place}/extensions/room`]: 'A1' },
  ...(version === '2.0.0' && {
    contextAgents: [contextAgent()],
    contextGroups: [contextGroup()],
  }),
})

export const contextAgent = () => ({
  objectType: 'contextAgent',
  agent: agents.mbox('nguoi-cham'),
  relevantTypes: [`${place}/types/grader`],
})
export const contextGroup = () => ({
  objectType: 'contextGroup',
  group: group('hoi-dong'),
  relevantTypes: [`${place}/types/board`],
})

/** The smallest statement. */
export const minimal = (name = 'an') => ({ actor: agents.mbox(name), verb: verb(), object: activity() })

/** A statement with every property there is but those the server sets. */
export const full = (version: Version) => ({
  id: uuid(),
  actor: agents.mbox(),
  verb: verb(),
  object: interaction('choice'),
  result: result(),
  context: context(version),
  timestamp: '2026-03-01T08:30:00.123Z',
  attachments: [attachment()],
})

export const subStatement = (version: Version, object: unknown = activity('bai-2')) => {
  const { id: _, ...rest } = full(version)
  return { objectType: 'SubStatement', ...rest, object }
}

export const statementRef = (id: string = uuid()) => ({ objectType: 'StatementRef', id })

export const voiding = (target: string) => ({
  actor: agents.account('quan-tri'),
  verb: { id: VOIDED, display: { en: 'voided' } },
  object: statementRef(target),
})

/** `full` with another object; revision and platform go with activities only. */
export const withObject = (object: unknown) => (version: Version) => {
  const { revision: _, platform: __, ...rest } = context(version)
  return { ...full(version), object, context: rest }
}

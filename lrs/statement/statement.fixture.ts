/** A caller and statements for the tests of this folder. */
import type { Caller } from '../caller.ts'

export const caller: Caller = {
  tenant: 'tenant',
  source: 'lms',
  credential: 'key',
  authority: {
    objectType: 'Agent',
    name: 'Trung tâm học tập',
    account: { homePage: 'https://record.example.org', name: 'lms' },
  },
  scopes: new Set(['statements/write']),
}

// biome-ignore lint/suspicious/noExplicitAny: tests change statements in every way, wrong ones too.
export type Loose = any

/** A statement that uses nearly everything that 1.0.3 has; a new one each time. */
export function fullStatement(): Loose {
  return {
    id: '6690e6c9-3ef0-4ed3-8b37-7f3964730bee',
    actor: {
      objectType: 'Group',
      name: 'Tổ 3',
      account: { homePage: 'https://lms.example.org', name: 'team 3' },
      member: [
        { name: 'Lan', mbox: 'mailto:lan@example.org' },
        { objectType: 'Agent', openid: 'https://id.example.org/minh' },
      ],
    },
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { vi: 'đã trả lời', en: 'answered' } },
    object: {
      objectType: 'Activity',
      id: 'https://lms.example.org/quiz/1',
      definition: {
        name: { vi: 'Phân loại rác', 'en-GB': 'Sorting waste' },
        description: { vi: 'Chọn một' },
        type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
        moreInfo: 'https://lms.example.org/quiz/1/about',
        interactionType: 'choice',
        correctResponsesPattern: ['a[,]b'],
        choices: [
          { id: 'a', description: { vi: 'Giấy', en: 'Paper' } },
          { id: 'b', description: { vi: 'Nhựa' } },
        ],
        extensions: { 'https://lms.example.org/x/level': null },
      },
    },
    result: {
      score: { scaled: 0.5, raw: 5, min: 0, max: 10 },
      success: true,
      completion: false,
      response: 'a',
      duration: 'PT1M30.5S',
      extensions: { 'https://lms.example.org/x/tries': [1, { again: null }] },
    },
    context: {
      registration: 'EC531277-b57b-4c15-8d91-d292c5b2b8f7',
      instructor: { mbox_sha1sum: 'ebd31e95054c018b10727ccffd2ef2ec3a016ee9' },
      team: { objectType: 'Group', member: [{ mbox: 'mailto:hoa@example.org' }] },
      contextActivities: {
        parent: [{ id: 'https://lms.example.org/course/7' }],
        category: { id: 'https://lms.example.org/type/quiz', definition: { name: { vi: 'Bài kiểm tra' } } },
      },
      revision: '2',
      platform: 'LMS',
      language: 'vi-VN',
      statement: { objectType: 'StatementRef', id: '8f87ccde-bb56-4c2e-ab83-44982ef22df0' },
      extensions: {},
    },
    timestamp: '2026-05-04T12:00:00.250+07:00',
    version: '1.0.0',
    attachments: [
      {
        usageType: 'https://lms.example.org/usage/photo',
        display: { vi: 'Ảnh' },
        contentType: 'image/jpeg; quality=90',
        length: 12,
        sha2: '495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a',
        fileUrl: 'https://lms.example.org/photo.jpg',
      },
    ],
  }
}

/** The least that is a statement. */
export function leastStatement(): Loose {
  return {
    actor: { mbox: 'mailto:lan@example.org' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' },
    object: { id: 'https://lms.example.org/page/1' },
  }
}

/** A statement with a SubStatement as its object. */
export function subStatement(): Loose {
  return {
    ...leastStatement(),
    verb: { id: 'http://adlnet.gov/expapi/verbs/planned' },
    object: { objectType: 'SubStatement', ...leastStatement() },
  }
}

/** A 2.0 statement with contextAgents and contextGroups. */
export function contextAgentStatement(): Loose {
  return {
    ...leastStatement(),
    context: {
      platform: 'LMS',
      contextAgents: [
        {
          objectType: 'contextAgent',
          agent: { mbox: 'mailto:coach@example.org' },
          relevantTypes: ['https://w3id.org/role/coach'],
        },
      ],
      contextGroups: [
        {
          objectType: 'contextGroup',
          group: { objectType: 'Group', member: [{ mbox: 'mailto:peer@example.org' }] },
        },
      ],
    },
  }
}

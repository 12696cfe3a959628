import type { LessonReport, QuestionOfReport, Reports } from '../../h5p/index.ts'

/** Reports of a lesson that a village learned, or of one that nobody has opened. */
export function fakeReports(full: boolean): Reports {
  return { of: async () => (full ? SAMPLE : { kind: 'none' }) }
}

const question = (
  part: string,
  vi: string,
  rightShare: number,
  counts: Record<string, number>,
): QuestionOfReport => {
  const responses = Object.entries(counts).map(([response, count]) => ({
    response,
    count,
    right: response === 'true',
  }))
  return {
    part,
    kind: 'true-false',
    text: { vi, en: vi },
    choices: [],
    answered: responses.reduce((sum, { count }) => sum + count, 3),
    rightShare,
    responses,
    others: 3,
  }
}

const SAMPLE: LessonReport = {
  kind: 'some',
  learners: 1284,
  completers: 1015,
  attempts: 1602,
  completed: 1190,
  passed: 811,
  failed: 379,
  scored: 1190,
  score: 0.784,
  scores: [4, 9, 21, 35, 60, 88, 140, 198, 274, 361].map((attempts, at) => ({
    from: at / 10,
    to: (at + 1) / 10,
    attempts,
  })),
  timed: 1466,
  seconds: 412,
  times: [81, 160, 402, 511, 233, 50, 20, 9].map((attempts, at) => ({
    to: [1, 2, 5, 10, 20, 30, 60][at] ?? null,
    attempts,
  })),
  questions: [
    question('q3', 'Hộp sữa, chai nước mắm còn dính bên trong có thể bỏ thẳng vào túi rác tái chế.', 0.41, {
      true: 520,
      false: 742,
    }),
    question(
      'q1',
      'Vỏ rau củ, cơm thừa, bã chè là rác thực phẩm và có thể ủ thành phân bón cho vườn.',
      0.92,
      {
        true: 1180,
        false: 101,
      },
    ),
  ],
}

/** What a person is asked, in words that are kept for as long as somebody's answer rests on them. */
export interface ConsentWords {
  title: string
  question: string
  /** What it means, sentence by sentence. */
  points: readonly string[]
  yes: string
  no: string
  /** What is new in them, for who agreed to the words before. */
  changed?: string
}
export interface WordsVersion {
  version: number
  /** Day from which on it is asked with these words. */
  from: string
  vi: ConsentWords
  en: ConsentWords
}

/**
 * For what people's data is used only if they agree, each purpose by itself. Its words, oldest first: a version that
 * somebody may have seen is never changed, other words are another version (purposes.test.ts).
 */
export const CONSENT_WORDS = {
  'learning-record': [
    {
      version: 1,
      from: '2026-11-28',
      vi: {
        title: 'Ghi hồ sơ học tập',
        question: 'Bạn có đồng ý để hệ thống ghi hồ sơ học tập của bạn không?',
        points: [
          'Đồng ý thì những gì bạn học ở đây, và ở những nơi bạn nối vào, được gom thành một hồ sơ: học gì, khi nào, bao lâu, kết quả ra sao, ai cho biết.',
          'Hồ sơ là của bạn. Người khác chỉ xem được khi bạn chia sẻ, hoặc khi công việc của họ cần và việc xem được ghi lại.',
          'Không đồng ý thì bạn vẫn học được mọi bài và giữ tài khoản, chỉ là không có hồ sơ.',
          'Bạn đổi ý lúc nào cũng được. Rút lại thì hồ sơ trống ngay; bản ghi gốc vẫn nằm ở nơi đã gửi.',
        ],
        yes: 'Đồng ý, ghi hồ sơ của tôi',
        no: 'Không, đừng ghi',
      },
      en: {
        title: 'Keeping a learning record',
        question: 'Do you agree that a learning record of yours is kept?',
        points: [
          'If you agree, what you learn here, and at the places you link, is gathered into one record: what, when, how long, with what result, and who says so.',
          'The record is yours. Others see it only when you share it, or when their work needs it and their looking is written down.',
          'If you do not agree, you can still take every lesson and keep your account; you just have no record.',
          'You may change your mind at any time. When you withdraw, the record is empty at once; the original entries stay where they were sent from.',
        ],
        yes: 'I agree, keep my record',
        no: 'No, do not keep one',
      },
    },
  ],
} as const satisfies Record<string, readonly WordsVersion[]>

export type ConsentPurpose = keyof typeof CONSENT_WORDS
export type PurposeWords = Readonly<Record<ConsentPurpose, readonly WordsVersion[]>>

/** The words that are asked with now. */
export function newestWords(all: PurposeWords, purpose: ConsentPurpose): WordsVersion {
  const newest = all[purpose].at(-1)
  if (!newest) throw new Error(`The purpose ${purpose} has no words.`)
  return newest
}

/** The answers of somebody who agrees to all that is asked, for what registers people by itself. */
export const agreeingToAll = (where: 'registration' | 'demo') =>
  (Object.keys(CONSENT_WORDS) as ConsentPurpose[]).map((purpose) => ({
    purpose,
    answer: 'yes' as const,
    version: newestWords(CONSENT_WORDS, purpose).version,
    where,
  }))

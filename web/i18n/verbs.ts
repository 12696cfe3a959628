import type { Language } from './messages.ts'
import { named } from './named.ts'

/** What learners are said to have done, by the last word of the verb's IRI, whose vocabulary it is from aside. */
const WORDS: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  abandoned: ['bỏ dở', 'abandoned'],
  achieved: ['đạt được', 'achieved'],
  answered: ['trả lời', 'answered'],
  asked: ['hỏi', 'asked'],
  attempted: ['bắt đầu', 'attempted'],
  attend: ['tham dự', 'attended'],
  attended: ['tham dự', 'attended'],
  commented: ['góp ý', 'commented'],
  complete: ['hoàn thành', 'completed'],
  completed: ['hoàn thành', 'completed'],
  consume: ['đã xem', 'experienced'],
  create: ['tạo mới', 'created'],
  created: ['tạo mới', 'created'],
  earned: ['nhận được', 'earned'],
  experienced: ['đã xem', 'experienced'],
  failed: ['chưa đạt', 'failed'],
  graded: ['được chấm điểm', 'was graded'],
  initialized: ['bắt đầu', 'started'],
  interacted: ['thao tác', 'interacted'],
  launched: ['mở', 'launched'],
  mastered: ['nắm vững', 'mastered'],
  passed: ['đạt', 'passed'],
  posted: ['đăng bài', 'posted'],
  preferred: ['lựa chọn', 'preferred'],
  progressed: ['học tiếp', 'progressed'],
  read: ['đọc', 'read'],
  registered: ['ghi danh', 'registered'],
  replied: ['trả lời thảo luận', 'replied'],
  responded: ['trả lời', 'responded'],
  resumed: ['học tiếp', 'resumed'],
  satisfied: ['đủ điều kiện', 'satisfied'],
  scored: ['được chấm điểm', 'scored'],
  share: ['chia sẻ', 'shared'],
  shared: ['chia sẻ', 'shared'],
  submit: ['nộp bài', 'submitted'],
  submitted: ['nộp bài', 'submitted'],
  suspended: ['tạm dừng', 'suspended'],
  terminated: ['kết thúc', 'finished a session'],
  viewed: ['đã xem', 'viewed'],
  waived: ['được miễn', 'waived'],
  watched: ['đã xem', 'watched'],
}

/**
 * What was done, as its source says it in the reader's language; else in our words for it; else as its source says it at
 * all. Null when nothing of this is known. With a capital: it stands at the beginning.
 */
export function verbName(
  verb: { id: string; display: Readonly<Record<string, string>> },
  language: Language,
): string | null {
  const tag = Object.keys(verb.display).find((each) => each.toLowerCase().split('-')[0] === language)
  const last = verb.id.split(/[/#:]/).findLast(Boolean)?.toLowerCase() ?? ''
  const known = Object.hasOwn(WORDS, last) ? WORDS[last]?.[language === 'vi' ? 0 : 1] : undefined
  const said = (tag && verb.display[tag]?.trim()) || known || named(verb.display, language)
  return said ? said.charAt(0).toLocaleUpperCase(language) + said.slice(1) : null
}

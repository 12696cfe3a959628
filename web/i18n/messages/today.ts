import { defineMessages } from '../messages.ts'

/** Hôm nay: what waits for an answer, and the week in one line. */
export const today = defineMessages({
  vi: {
    forYou: 'Chờ bạn trả lời',
    goOn: 'Học tiếp',
    begunAt: 'tại {source}',
    claims: '{count, plural, other {# tài khoản: có phải của bạn không?}}',
    waiting: '{count, plural, other {Bản ghi của # nơi chờ bạn nhận}}',
    suggested: '{count, plural, other {# tài khoản có thể cũng là của bạn}}',
    week: 'Bảy ngày qua bạn học {time}.',
    weekNone: 'Bảy ngày qua chưa có giờ học nào được ghi.',
    weekAnew: 'Giờ học đang được tính lại. Xem lại sau ít phút.',
  },
  en: {
    forYou: 'Waiting for your answer',
    goOn: 'Go on',
    begunAt: 'at {source}',
    claims: '{count, plural, one {One account: is it yours?} other {# accounts: are they yours?}}',
    waiting:
      '{count, plural, one {Entries of one place wait for you} other {Entries of # places wait for you}}',
    suggested: '{count, plural, one {One account may be yours too} other {# accounts may be yours too}}',
    week: 'In the last seven days you learned for {time}.',
    weekNone: 'In the last seven days no time of learning was recorded.',
    weekAnew: 'Your hours are being counted anew. Look again in a few minutes.',
  },
})

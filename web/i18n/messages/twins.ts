import { defineMessages } from '../messages.ts'

/** One thing that several sources told of. */
export const twins = defineMessages({
  vi: {
    title: '{count, plural, =2 {Hai nơi cùng kể} =3 {Ba nơi cùng kể} other {{count, number} nơi cùng kể}}',
    lead: '{names} cùng kể về một việc, nên hồ sơ gộp thành một mục và chỉ tính một lần. Nếu thật ra là những việc khác nhau, hãy tách ra.',
    first: 'Mục này lấy mức tin cậy và kết quả của nơi này trước.',
    said: 'Nơi này ghi',
    split: 'Tách ra',
    splitOf: 'Tách phần {source} kể ra thành mục riêng',
    splitTitle: 'Tách thành mục riêng?',
    splitLead:
      'Phần {source} kể sẽ thành một mục riêng và được đếm riêng. Không có gì bị xóa; lúc nào cũng gộp lại được.',
    splitDo: 'Tách ra',
    splitDone: 'Đã tách phần {source} kể thành mục riêng.',
    splitFrom: 'Mục này đã được tách ra',
    splitFromBody: 'Phần {source} kể lúc {date} từng được coi là cùng một việc.',
    join: 'Gộp lại',
    joinDone: 'Đã gộp lại thành một mục.',
    joinNot: 'Việc tách đã được bỏ. Hai nơi kể khác nhau, nên vẫn là hai mục.',
    'twin-unknown': 'Các mục này không còn là một nữa. Xem lại hồ sơ.',
    'splits-many': 'Mục này đã tách khỏi quá nhiều mục khác. Hãy gộp bớt trước.',
  },
  en: {
    title: '{count, plural, =2 {Told by two} =3 {Told by three} other {Told by {count, number}}}',
    lead: '{names} tell of the same thing, so the record shows one entry and counts it once. If these were different things, split them.',
    first: 'The level and the result of this entry are taken from here first.',
    said: 'What it says',
    split: 'Split',
    splitOf: 'Split what {source} tells into an entry of its own',
    splitTitle: 'Make it an entry of its own?',
    splitLead:
      'What {source} tells becomes an entry of its own and is counted on its own. Nothing is deleted, and you can join them again at any time.',
    splitDo: 'Split',
    splitDone: 'What {source} tells is an entry of its own now.',
    splitFrom: 'This entry was split',
    splitFromBody: 'What {source} tells, {date}, was taken for the same thing.',
    join: 'Join again',
    joinDone: 'They are one entry again.',
    joinNot: 'They are not kept apart any more. They tell different things, so they stay two entries.',
    'twin-unknown': 'These are not one entry any more. Look at the record again.',
    'splits-many': 'This entry was split from too many others. Join some of them again first.',
  },
})

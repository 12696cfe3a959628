import { defineMessages } from '../messages.ts'

/** Why a lesson file was refused, for its author. Keys are the problems' ids (h5p/lesson-file/) without `lesson-file-`. */
export const lessonFile = defineMessages({
  vi: {
    tab: 'Dòng {line}: thụt vào bằng dấu cách, không dùng phím Tab.',
    twice: 'Dòng {line}: từ này viết hai lần ở cùng một chỗ. Bỏ bớt một.',
    colon: 'Dòng {line}: câu có dấu hai chấm thì đặt trong ngoặc kép, hoặc viết xuống dòng sau dấu |.',
    unreadable: 'Dòng {line}: không đọc được. Xem lại dấu và khoảng thụt vào ở dòng này và dòng trên nó.',
    reference: 'Tệp có dấu & hoặc * ở chỗ YAML hiểu là tham chiếu. Đặt câu đó trong ngoặc kép.',
    topic: 'Dòng {line}: không có chủ đề “{value}”. Các chủ đề: {allowed}.',
    empty: 'Bài chưa có nội dung: viết pages (các trang) hoặc questions (các câu hỏi).',
    kind: 'Dòng {line}: phần này phải là một trong: {allowed}.',
    missing: 'Dòng {line}: thiếu “{field}”.',
    unknown: 'Dòng {line}: không hiểu “{field}”. Ở đây chỉ có: {allowed}.',
    type: '{type, select, string {Dòng {line}: “{field}” phải là chữ; nếu là số hay true, false thì đặt trong ngoặc kép.} boolean {Dòng {line}: “{field}” phải là true hoặc false.} integer {Dòng {line}: “{field}” phải là số nguyên.} array {Dòng {line}: “{field}” phải là một danh sách, mỗi mục bắt đầu bằng dấu gạch.} other {Dòng {line}: “{field}” phải là một nhóm, mỗi dòng một mục “tên: nội dung”.}}',
    value: 'Dòng {line}: “{field}” phải là một trong: {allowed}.',
    size: '{of, select, entries {Dòng {line}: “{field}” phải có {bound, select, least {ít nhất} other {nhiều nhất}} {limit} mục.} characters {Dòng {line}: “{field}” phải có {bound, select, least {ít nhất} other {nhiều nhất}} {limit} ký tự.} other {Dòng {line}: “{field}” {bound, select, least {nhỏ nhất} other {lớn nhất}} là {limit}.}}',
    form: 'Dòng {line}: “{field}” viết chưa đúng cách.',
    'no-right': 'Dòng {line}: chưa câu trả lời nào có right: true.',
    'many-right':
      'Dòng {line}: có hơn một câu trả lời đúng. Dùng several thay cho choice, hoặc chỉ để một câu đúng.',
    'no-gap': 'Dòng {line}: đoạn văn chưa có chỗ trống. Viết đáp án trong hai ngoặc vuông: [[đáp án]].',
    'no-question':
      'Dòng {line}: bài không có câu hỏi nào nên không tính theo câu trả lời được. Chọn completion: last-page hoặc learner.',
    same: 'Dòng {line}: có hai việc giống hệt nhau nên không xếp thứ tự được.',
    'id-twice':
      'Dòng {line}: mã “{value}” đã có ở chỗ khác. Mỗi câu một mã; hai câu giống hệt nhau thì thêm id cho từng câu.',
    'picture-elsewhere':
      'Dòng {line}: hình “{file}” nằm ở trang khác. Lưu hình về, nén cùng tệp bài thành .zip.',
    'picture-kind': 'Dòng {line}: “{file}” không phải loại hình hiện được. Dùng: {allowed}.',
    'picture-missing':
      'Dòng {line}: không thấy hình “{file}” trong tệp .zip. Xem lại tên hình, cả chữ hoa và thư mục.',
    'picture-broken': 'Dòng {line}: hình “{file}” bị hỏng, không mở được. Lưu lại hình rồi nén lại.',
    several: 'Tệp .zip phải có đúng một tệp bài .yaml, cùng các hình của bài.',
    'too-large': 'Tệp bài quá lớn. Một tệp .yaml nhiều nhất 2 MB.',
    encoding: 'Tệp bài lưu sai bảng mã. Lưu lại với bảng mã UTF-8.',
  },
  en: {
    tab: 'Line {line}: indent with spaces, not with tabs.',
    twice: 'Line {line}: the same word stands twice in one place. Take one away.',
    colon: 'Line {line}: put a text with a colon in it into quotes, or on the lines after a |.',
    unreadable:
      'Line {line}: this cannot be read. Look at the marks and the indent of this line and the one above.',
    reference: 'There is an & or * where YAML takes it for a reference. Put that text into quotes.',
    topic: 'Line {line}: there is no topic “{value}”. The topics are: {allowed}.',
    empty: 'The lesson has no content: write pages, or questions.',
    kind: 'Line {line}: this part must be one of: {allowed}.',
    missing: 'Line {line}: “{field}” is missing.',
    unknown: 'Line {line}: “{field}” is not known. Here there are only: {allowed}.',
    type: '{type, select, string {Line {line}: “{field}” must be text; put a number, true or false into quotes.} boolean {Line {line}: “{field}” must be true or false.} integer {Line {line}: “{field}” must be a whole number.} array {Line {line}: “{field}” must be a list, each entry beginning with a dash.} other {Line {line}: “{field}” must be a group, each line of it “name: content”.}}',
    value: 'Line {line}: “{field}” must be one of: {allowed}.',
    size: '{of, select, entries {Line {line}: “{field}” must have at {bound, select, least {least} other {most}} {limit} entries.} characters {Line {line}: “{field}” must have at {bound, select, least {least} other {most}} {limit} characters.} other {Line {line}: “{field}” must be at {bound, select, least {least} other {most}} {limit}.}}',
    form: 'Line {line}: “{field}” is not written as it must be.',
    'no-right': 'Line {line}: no answer has right: true.',
    'many-right':
      'Line {line}: more than one answer is right. Write several in place of choice, or leave one right.',
    'no-gap': 'Line {line}: the text has no gap. Write the answer in two square brackets: [[answer]].',
    'no-question':
      'Line {line}: the lesson asks no question, so it cannot end by answers. Choose completion: last-page or learner.',
    same: 'Line {line}: two things are the same, so they have no order.',
    'id-twice':
      'Line {line}: the id “{value}” is there already. Each question has its own; two questions in the same words each need an id.',
    'picture-elsewhere':
      'Line {line}: the picture “{file}” lies on another site. Save it, and put it into a .zip with the lesson file.',
    'picture-kind': 'Line {line}: “{file}” is no kind of picture that can be shown. Use: {allowed}.',
    'picture-missing':
      'Line {line}: the picture “{file}” is not in the .zip. Look at its name, its capitals and its folder.',
    'picture-broken': 'Line {line}: the picture “{file}” is damaged. Save it again and pack it again.',
    several: 'The .zip must hold one .yaml lesson file, and its pictures.',
    'too-large': 'The lesson file is too large. A .yaml file has at most 2 MB.',
    encoding: 'The lesson file is in a wrong encoding. Save it as UTF-8.',
  },
})

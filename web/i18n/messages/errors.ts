import { defineMessages } from '../messages.ts'

/** When a page cannot be shown: what happened, what is safe, what to do. */
export const errors = defineMessages({
  vi: {
    notFoundTitle: 'Không có trang này',
    notFoundBody: 'Địa chỉ có thể gõ nhầm, hoặc trang đã dời đi. Hồ sơ học tập vẫn nguyên.',
    toStart: 'Về trang đầu',
    toLessons: 'Xem các bài học',
    forbiddenTitle: 'Trang này dành cho người khác',
    forbiddenBody:
      'Tài khoản này chưa có quyền {role}. Người cấp quyền là người vận hành của {tenant}; hãy nhờ người đó cấp.',
    roleAuthor: 'soạn bài học',
    roleOperator: 'vận hành',
    roleEditor: 'biên tập bài học của tổ chức',
    roleManager: 'phụ trách thành viên của tổ chức',
    roleStaff: 'nhân viên trung tâm hoặc cán bộ ở tổ chức này',
    roleOfficer: 'trả lời khi người học báo hồ sơ không đúng',
    memberTitle: 'Trang này dành cho thành viên',
    memberBody: 'Muốn vào tổ chức này, hãy xin người phụ trách ở đó một lời mời.',
    ownTitle: 'Mục này của người khác',
    ownBody: 'Chỉ người làm ra mới sửa được. Nếu cần thay đổi, hãy hỏi người đó.',
    goneTitle: 'Trang này không còn nữa',
    goneBody: 'Nội dung đã được rút xuống. Những gì đã học vẫn còn trong hồ sơ học tập.',
    goneSince: 'Nội dung đã được rút xuống ngày {date}. Những gì đã học vẫn còn trong hồ sơ học tập.',
    failedTitle: 'Hệ thống đang trục trặc',
    failedBody:
      'Trang chưa mở được. Những gì đã lưu trước đó vẫn an toàn. Chờ một lát rồi tải lại trang; nếu vẫn vậy, hãy báo cho {tenant} mã dưới đây.',
    failedCode: 'Mã yêu cầu',
    unavailableTitle: 'Kho dữ liệu tạm nghỉ',
    unavailableBody:
      'Lần gửi vừa rồi chưa được lưu. Những gì đã lưu trước đó vẫn an toàn. Chờ vài phút rồi làm lại.',
    crossTitle: 'Chưa nhận được lần gửi này',
    crossBody:
      'Trình duyệt không cho biết trang nào đã gửi, nên chưa có gì thay đổi. Mở lại trang từ đây rồi gửi lại.',
    unreadableTitle: 'Không đọc được lần gửi này',
    unreadableBody: 'Nội dung gửi lên quá dài hoặc bị hỏng, nên chưa có gì thay đổi. Rút ngắn rồi gửi lại.',
    tooManyTitle: 'Thử lại sau ít phút',
    tooManyBody:
      'Đã có quá nhiều lần thử. Để giữ an toàn cho tài khoản, hãy chờ {minutes, number} phút rồi thử lại.',
    tryAgain: 'Thử lại',
  },
  en: {
    notFoundTitle: 'There is no such page',
    notFoundBody: 'The address may be mistyped, or the page has moved. The learning record is untouched.',
    toStart: 'To the start page',
    toLessons: 'See the lessons',
    forbiddenTitle: 'This page is for others',
    forbiddenBody:
      'This account does not have the right {role}. The operator at {tenant} grants it; please ask there.',
    roleAuthor: 'to write lessons',
    roleOperator: 'to operate the system',
    roleEditor: 'to edit the organisation’s lessons',
    roleManager: 'to manage the organisation’s members',
    roleStaff: 'of staff or officers of this organisation',
    roleOfficer: 'to answer when learners say that a record is wrong',
    memberTitle: 'This page is for members',
    memberBody: 'To enter this organisation, ask whoever manages it for an invitation.',
    ownTitle: 'This belongs to somebody else',
    ownBody: 'Only its maker can change it. If something needs changing, please ask that person.',
    goneTitle: 'This page is no longer there',
    goneBody: 'It was withdrawn. What you have learned stays in your record.',
    goneSince: 'It was withdrawn on {date}. What you have learned stays in your record.',
    failedTitle: 'Something is not working here',
    failedBody:
      'The page could not be opened. What was saved before is safe. Wait a moment and load the page again; if it stays like this, tell {tenant} the code below.',
    failedCode: 'Request code',
    unavailableTitle: 'The store is taking a break',
    unavailableBody:
      'What was just sent has not been saved. What was saved before is safe. Wait a few minutes and do it again.',
    crossTitle: 'This was not accepted',
    crossBody:
      'The browser did not say which page sent it, so nothing was changed. Open the page from here and send it again.',
    unreadableTitle: 'This could not be read',
    unreadableBody:
      'What was sent is too long or damaged, so nothing was changed. Shorten it and send it again.',
    tooManyTitle: 'Try again in a few minutes',
    tooManyBody:
      'There were too many tries. To keep the account safe, wait {minutes, number} minutes and try again.',
    tryAgain: 'Try again',
  },
})

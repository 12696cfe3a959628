import { defineMessages } from '../messages.ts'

/** A forgotten password: by code, or by a code from paper. */
export const recovery = defineMessages({
  vi: {
    forgot: 'Quên mật khẩu?',
    title: 'Lấy lại mật khẩu',
    lead: 'Nhập e-mail hoặc số điện thoại bạn dùng để đăng nhập. Nếu có hồ sơ với nó, một mã được gửi tới đó.',
    askDo: 'Gửi mã',
    otherWays: 'Không nhận được mã?',
    byPrinted: 'Dùng mã khôi phục đã in',
    byStaff:
      'Không còn dùng số hay e-mail đó, cũng không có mã in: mang giấy tờ tùy thân tới nơi giữ sổ học tập của {tenant} và hỏi nhân viên.',
    noneTitle: 'Ở đây chưa gửi được mã',
    noneBody:
      'Hệ thống chưa được cài để gửi e-mail hay tin nhắn. Dùng mã khôi phục đã in, hoặc mang giấy tờ tùy thân tới nơi giữ sổ học tập của {tenant}.',
    'none-email': 'Ở đây chưa gửi được e-mail. Dùng số điện thoại, hoặc mã khôi phục đã in.',
    'none-phone': 'Ở đây chưa gửi được tin nhắn. Dùng e-mail, hoặc mã khôi phục đã in.',
    awayTitle: 'Lúc này chưa gửi được mã',
    awayBody:
      'Nơi chuyển tin đang không nhận, với mọi người. Không có gì bị đổi. Thử lại sau vài phút, hoặc dùng mã khôi phục đã in.',
    codeTitle: 'Đặt mật khẩu mới',
    codeLead:
      'Nếu có hồ sơ với {value}, một mã đã được gửi tới đó. Nhập mã và mật khẩu mới. Mọi máy đang đăng nhập sẽ bị đăng xuất.',
    codeDo: 'Đặt mật khẩu mới',
    codeStart: 'Dùng e-mail hoặc số khác',
    gone: 'Trang này đã cũ. Nhập lại e-mail hoặc số điện thoại.',
    printedTitle: 'Lấy lại mật khẩu bằng mã đã in',
    printedLead: 'Mỗi mã dùng được một lần. Gạch mã đó trên giấy sau khi dùng.',
    printedField: 'Mã khôi phục',
    printedHelp: '12 chữ cái và chữ số. Gõ hoa hay thường, có gạch hay không đều được.',
    printedWrong: 'Mã này không khớp với e-mail hoặc số điện thoại, hoặc đã dùng rồi. Thử mã khác trên giấy.',
    printedSecondStep:
      'Tài khoản này đăng nhập hai bước, nên mã đã in chỉ thay cho ứng dụng. Hãy lấy lại mật khẩu bằng mã gửi tới e-mail hoặc điện thoại, hoặc mang giấy tờ tùy thân tới gặp nhân viên.',
    printedMissing: 'Nhập một mã khôi phục.',
    done: 'Đã đặt mật khẩu mới, và mọi máy đã bị đăng xuất. Hãy đăng nhập.',
    staffOpen: 'Cấp mã khôi phục',
    staffTitle: 'Cấp mã khôi phục cho {name}',
    staffLead:
      'Cho người mất mọi lối vào khác, sau khi xem giấy tờ tùy thân và đối chiếu họ tên. Mã dùng một lần trong 24 giờ. Một thông báo được gửi tới những nơi người đó đã xác nhận.',
    staffDocument: 'Giấy tờ đã xem',
    staffDocumentHelp: 'Loại giấy tờ và nơi cấp, ví dụ “Căn cước, Công an tỉnh”. Không ghi số định danh.',
    staffDocumentMissing: 'Ghi giấy tờ đã xem, nhiều nhất 200 ký tự.',
    staffDocumentNumber: 'Đừng ghi số định danh: loại giấy tờ và nơi cấp là đủ.',
    staffWorker: 'Tài khoản này có vai trò riêng; chỉ người vận hành đưa mã được.',
    staffOperator: 'Người vận hành chỉ được mở lại trên máy chủ: npm run suotdoi -- operator recover.',
    staffDo: 'Cấp mã',
    staffIssued: 'Những lần đã cấp',
    staffAt: 'Ngày cấp',
    staffFor: 'Mã khôi phục của {name}',
    staffOnce: 'Chỉ hiện một lần. In ra hoặc chép tay, rồi đưa tận tay người đó.',
    staffHow:
      'Vào {address}, nhập e-mail hoặc số điện thoại vẫn dùng để đăng nhập và mã này, rồi đặt mật khẩu mới. Dùng một lần, trước {time}.',
    staffDone: 'Đã đưa mã',
    codesTitle: 'Mã khôi phục để in',
    codesLead:
      'Mười mã để cất ở nhà. Quên mật khẩu mà không còn số hay e-mail cũ, một mã trên giấy mở lại được hồ sơ.',
    codesNone: 'Chưa có mã nào.',
    codesLeft: '{left, plural, =0 {Đã dùng hết mã} other {Còn # mã}}, tạo ngày {date}.',
    codesDo: 'Tạo 10 mã',
    codesNewDo: 'Tạo 10 mã mới',
    codesEnds: 'Tạo mã mới thì các mã cũ không dùng được nữa.',
    codesShownTitle: 'Mã khôi phục của bạn',
    codesShownOnce: 'Chỉ hiện một lần. In ra hoặc chép tay ngay, và cất nơi chỉ bạn biết.',
    codesFor: 'Mã khôi phục của {name}',
    codesHow:
      'Khi quên mật khẩu: vào {address}, nhập e-mail hoặc số điện thoại và một mã. Mỗi mã dùng một lần.',
    codesMade: 'Tạo ngày {date}.',
    codesPrintHow: 'Để in: mở mục In của trình duyệt.',
    codesKept: 'Đã cất mã',
  },
  en: {
    forgot: 'Forgot the password?',
    title: 'Replace a forgotten password',
    lead: 'Enter the e-mail or phone number that you sign in with. If there is a record with it, a code is sent there.',
    askDo: 'Send a code',
    otherWays: 'You get no code?',
    byPrinted: 'Use a printed recovery code',
    byStaff:
      'Neither that number or e-mail any more nor printed codes: take an identity document to where {tenant} keeps the learning record, and ask the staff.',
    noneTitle: 'Codes cannot be sent here yet',
    noneBody:
      'This system is not set up to send e-mail or text messages. Use a printed recovery code, or take an identity document to where {tenant} keeps the learning record.',
    'none-email': 'E-mail cannot be sent here yet. Use a phone number, or a printed recovery code.',
    'none-phone': 'Text messages cannot be sent here yet. Use an e-mail address, or a printed recovery code.',
    awayTitle: 'Codes cannot be sent just now',
    awayBody:
      'The service that carries messages takes none now, for anybody. Nothing was changed. Try again in some minutes, or use a printed recovery code.',
    codeTitle: 'Set a new password',
    codeLead:
      'If there is a record with {value}, a code was sent there. Enter it and a new password. Every device that is signed in will be signed out.',
    codeDo: 'Set the new password',
    codeStart: 'Use another e-mail or number',
    gone: 'That page was old. Enter the e-mail or phone number again.',
    printedTitle: 'Replace a password by a printed code',
    printedLead: 'Each code works once. Cross it out on the paper after use.',
    printedField: 'Recovery code',
    printedHelp: '12 letters and digits. Capitals and dashes do not matter.',
    printedWrong:
      'This code does not fit the e-mail or phone number, or it was used before. Try another one on the paper.',
    printedSecondStep:
      'This account signs in in two steps, so printed codes only stand in for the app. Replace the password by a code to your e-mail or phone, or take an identity document to the staff.',
    printedMissing: 'Enter a recovery code.',
    done: 'The new password is set, and every device is signed out. Sign in.',
    staffOpen: 'Hand out a recovery code',
    staffTitle: 'Hand out a recovery code to {name}',
    staffLead:
      'For who lost every other way in, after you saw an identity document and compared the name. The code works once, within 24 hours. A notice goes to wherever this person is confirmed.',
    staffDocument: 'Document seen',
    staffDocumentHelp:
      'Its kind and who issued it, such as “identity card, provincial police”. Not the citizen number.',
    staffDocumentMissing: 'Write which document was seen, in at most 200 characters.',
    staffDocumentNumber: 'Leave out the citizen number: the kind of document and who issued it are enough.',
    staffWorker: 'This account has a role of its own; only an operator hands it a code.',
    staffOperator: 'An operator is let in again on the server alone: npm run suotdoi -- operator recover.',
    staffDo: 'Make the code',
    staffIssued: 'Handed out before',
    staffAt: 'On',
    staffFor: 'Recovery code of {name}',
    staffOnce: 'Shown this once. Print it or write it down, and hand it over in person.',
    staffHow:
      'Go to {address}, enter the e-mail or phone number that you used to sign in with and this code, then set a new password. It works once, before {time}.',
    staffDone: 'It is handed over',
    codesTitle: 'Recovery codes for printing',
    codesLead:
      'Ten codes to keep at home. Should you forget the password and no longer have the old number or e-mail, one of them opens the record again.',
    codesNone: 'There are none yet.',
    codesLeft:
      '{left, plural, =0 {No code is left} one {# code is left} other {# codes are left}}, made on {date}.',
    codesDo: 'Make 10 codes',
    codesNewDo: 'Make 10 new codes',
    codesEnds: 'New codes end the old ones.',
    codesShownTitle: 'Your recovery codes',
    codesShownOnce: 'Shown this once. Print them or write them down now, and keep them where only you know.',
    codesFor: 'Recovery codes of {name}',
    codesHow:
      'Should you forget the password: go to {address}, enter your e-mail or phone number and one code. Each works once.',
    codesMade: 'Made on {date}.',
    codesPrintHow: 'To print: use the browser’s print command.',
    codesKept: 'The codes are kept',
  },
})

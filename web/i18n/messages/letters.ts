import { defineMessages } from '../messages.ts'

/**
 * What is sent by e-mail and text message. A text message is to fit into 160 characters without diacritics, and says
 * who sends it, what for, and that nobody is to be told the code.
 */
export const letters = defineMessages({
  vi: {
    'subject-prove': 'Mã xác nhận: {code}',
    'subject-recover': 'Mã đặt lại mật khẩu: {code}',
    'phone-prove': 'Suốt Đời: mã xác nhận {code}, dùng trong {minutes} phút. Không đưa mã này cho ai.',
    'phone-recover':
      'Suốt Đời: mã đặt lại mật khẩu {code}, dùng trong {minutes} phút. Không đưa cho ai. Bạn không xin mã thì bỏ qua.',
    'email-prove':
      'Mã xác nhận địa chỉ này cho hồ sơ học tập của {tenant} là\n\n{code}\n\nMã dùng được trong {minutes} phút, một lần. Không đưa mã này cho ai, kể cả người tự xưng là nhân viên.\n\nNếu bạn không xin mã, không cần làm gì: có thể ai đó gõ nhầm địa chỉ.',
    'email-recover':
      'Mã để đặt mật khẩu mới cho hồ sơ học tập của bạn tại {tenant} là\n\n{code}\n\nMã dùng được trong {minutes} phút, một lần. Không đưa mã này cho ai, kể cả người tự xưng là nhân viên.\n\nNếu bạn không xin mã, không cần làm gì: mật khẩu của bạn vẫn như cũ.',
    'notice-subject': 'Tài khoản học tập của bạn vừa thay đổi',
    'notice-added': 'một e-mail hoặc số điện thoại vừa được thêm vào tài khoản của bạn.',
    'notice-removed': 'một e-mail hoặc số điện thoại vừa được gỡ khỏi tài khoản của bạn.',
    'notice-recovered': 'mật khẩu tài khoản của bạn vừa được đặt lại, mọi máy đã bị đăng xuất.',
    'notice-password': 'mật khẩu tài khoản của bạn vừa được đổi, mọi máy khác đã bị đăng xuất.',
    'notice-printed': 'mã khôi phục để in vừa được tạo mới cho tài khoản của bạn.',
    'notice-provider-added': 'một cách đăng nhập khác vừa được nối với tài khoản của bạn.',
    'notice-provider-removed': 'một cách đăng nhập khác vừa được gỡ khỏi tài khoản của bạn.',
    'notice-passkey-added': 'một khóa thiết bị vừa được thêm vào tài khoản của bạn.',
    'notice-passkey-removed': 'một khóa thiết bị vừa được gỡ khỏi tài khoản của bạn.',
    'notice-second-factor-on': 'xác nhận hai bước vừa được bật cho tài khoản của bạn.',
    'notice-second-factor-off': 'xác nhận hai bước của tài khoản của bạn vừa bị tắt.',
    'notice-second-factor-removal':
      'có người biết mật khẩu của bạn xin tắt xác nhận hai bước, sẽ tắt sau 24 giờ.',
    'notice-issued': 'nhân viên vừa cấp một mã giấy để đặt lại mật khẩu cho tài khoản của bạn.',
    'notice-phone': 'Suốt Đời: {what} Không phải bạn? Vào {address} đặt lại mật khẩu ngay.',
    'notice-email':
      'Lúc {time}, {what}\n\nNếu đó là bạn, không cần làm gì.\n\nNếu không phải bạn: vào {address} đặt lại mật khẩu ngay, rồi báo cho người vận hành của {tenant}.',
  },
  en: {
    'subject-prove': 'Confirmation code: {code}',
    'subject-recover': 'Code for a new password: {code}',
    'phone-prove': 'Suot Doi: confirmation code {code}, good for {minutes} minutes. Give it to nobody.',
    'phone-recover':
      'Suot Doi: code for a new password {code}, good for {minutes} minutes. Give it to nobody. Not asked for? Ignore it.',
    'email-prove':
      'The code that confirms this address for the learning record of {tenant} is\n\n{code}\n\nIt works once, within {minutes} minutes. Give it to nobody, not even to who says they are staff.\n\nIf you did not ask for it, there is nothing to do: somebody may have mistyped an address.',
    'email-recover':
      'The code for a new password of your learning record at {tenant} is\n\n{code}\n\nIt works once, within {minutes} minutes. Give it to nobody, not even to who says they are staff.\n\nIf you did not ask for it, there is nothing to do: your password is as it was.',
    'notice-subject': 'Your learning account was changed',
    'notice-added': 'an e-mail address or phone number was added to your account.',
    'notice-removed': 'an e-mail address or phone number was removed from your account.',
    'notice-recovered': 'the password of your account was replaced, and every device was signed out.',
    'notice-password': 'the password of your account was changed, and every other device was signed out.',
    'notice-printed': 'new recovery codes were made for your account.',
    'notice-provider-added': 'another way to sign in was connected to your account.',
    'notice-provider-removed': 'another way to sign in was removed from your account.',
    'notice-passkey-added': 'a passkey was added to your account.',
    'notice-passkey-removed': 'a passkey was removed from your account.',
    'notice-second-factor-on': 'two-step sign-in was turned on for your account.',
    'notice-second-factor-off': 'two-step sign-in was turned off for your account.',
    'notice-second-factor-removal':
      'somebody who knows your password asked to turn two-step sign-in off, which happens in 24 hours.',
    'notice-issued': 'the staff handed out a code on paper that replaces the password of your account.',
    'notice-phone': 'Suot Doi: {what} Not you? Go to {address} and replace the password now.',
    'notice-email':
      'At {time}, {what}\n\nIf that was you, there is nothing to do.\n\nIf it was not: go to {address} and replace the password now, then tell the operator at {tenant}.',
  },
})

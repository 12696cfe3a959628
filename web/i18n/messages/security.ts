import { defineMessages } from '../messages.ts'

/** Where a person is signed in, and what proves that it is them. */
export const security = defineMessages({
  vi: {
    sessionsTitle: 'Máy đang đăng nhập',
    sessionsLead: 'Những nơi tài khoản của bạn đang mở. Thấy máy lạ thì đăng xuất máy đó rồi đổi mật khẩu.',
    sessionDevice: 'Máy',
    sessionBegun: 'Đăng nhập',
    sessionSeen: 'Dùng gần nhất',
    sessionHere: 'Máy này, đang dùng',
    sessionShared: 'máy dùng chung',
    deviceOn: '{browser} trên {system}',
    deviceUnknown: 'Máy không rõ loại',
    sessionEnd: 'Đăng xuất',
    sessionEndOf: 'Đăng xuất {device}',
    sessionsEnd: 'Đăng xuất mọi máy khác',
    sessionsOne: 'Bạn chỉ đang đăng nhập trên máy này.',
    sessionEnded: 'Đã đăng xuất máy đó.',
    sessionGone: 'Máy đó đã đăng xuất từ trước.',
    sessionsEnded: '{count, plural, =0 {Không có máy nào khác.} other {Đã đăng xuất # máy khác.}}',
    sharedBar: 'Máy dùng chung: tự đăng xuất sau {minutes} phút không dùng.',
    sharedSoon: 'Còn 2 phút nữa sẽ tự đăng xuất. Những gì chưa gửi sẽ mất.',
    sharedStay: 'Ở lại',
    signedOutShared: 'Đã đăng xuất. Trên máy này không còn trang nào của bạn. Hãy đóng trình duyệt.',
    endedShared: 'Đã tự đăng xuất vì {minutes} phút không dùng. Trên máy này không còn trang nào của bạn.',
  },
  en: {
    sessionsTitle: 'Signed-in devices',
    sessionsLead:
      'Where your account is open. If you see a device that is not yours, sign it out and change your password.',
    sessionDevice: 'Device',
    sessionBegun: 'Signed in',
    sessionSeen: 'Last used',
    sessionHere: 'This device, in use',
    sessionShared: 'shared device',
    deviceOn: '{browser} on {system}',
    deviceUnknown: 'Device of unknown kind',
    sessionEnd: 'Sign out',
    sessionEndOf: 'Sign out {device}',
    sessionsEnd: 'Sign out all other devices',
    sessionsOne: 'You are signed in on this device only.',
    sessionEnded: 'That device is signed out.',
    sessionGone: 'That device was signed out before.',
    sessionsEnded:
      '{count, plural, =0 {There was no other device.} one {One other device is signed out.} other {# other devices are signed out.}}',
    sharedBar: 'Shared device: signs you out after {minutes} minutes without use.',
    sharedSoon: 'You will be signed out in 2 minutes. What was not sent will be lost.',
    sharedStay: 'Stay',
    signedOutShared:
      'You are signed out. None of your pages is left on this device. Please close the browser.',
    endedShared:
      'You were signed out after {minutes} minutes without use. None of your pages is left on this device.',
  },
})

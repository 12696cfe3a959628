import english from '@lumieducation/h5p-server/build/assets/translations/client/en.json' with { type: 'json' }

/** Words of the H5P core that a learner may meet, in Vietnamese; the rest of the core's words are for authors. */
const VIETNAMESE: Record<string, string> = {
  fullscreen: 'Toàn màn hình',
  disableFullscreen: 'Thoát toàn màn hình',
  download: 'Tải xuống',
  copyrights: 'Quyền sử dụng',
  embed: 'Nhúng',
  size: 'Kích thước',
  close: 'Đóng',
  title: 'Tiêu đề',
  author: 'Tác giả',
  year: 'Năm',
  source: 'Nguồn',
  license: 'Giấy phép',
  thumbnail: 'Hình thu nhỏ',
  copyrightInformation: 'Quyền sử dụng',
  noCopyrights: 'Không có thông tin bản quyền cho nội dung này.',
  contentChanged: 'Nội dung đã thay đổi kể từ lần bạn học trước.',
  startingOver: 'Bạn sẽ bắt đầu lại từ đầu.',
  by: 'bởi',
  showMore: 'Xem thêm',
  showLess: 'Thu gọn',
  subLevel: 'Mục con',
  confirmDialogHeader: 'Xác nhận',
  confirmDialogBody: 'Bạn có chắc muốn tiếp tục không? Thao tác này không thể hoàn tác.',
  cancelLabel: 'Hủy',
  confirmLabel: 'Đồng ý',
  contentCopied: 'Đã chép nội dung vào bộ nhớ tạm',
  connectionLost: 'Mất kết nối. Kết quả được giữ lại và sẽ gửi khi có mạng.',
  connectionReestablished: 'Đã có kết nối trở lại.',
  resubmitScores: 'Đang gửi lại kết quả đã giữ.',
  back: 'Quay lại',
  next: 'Tiếp theo',
}

/** Those words, by their keys, in this language. */
export function learnerWords(language: string): Record<string, string> {
  return Object.fromEntries(Object.keys(VIETNAMESE).map((key) => [key, coreString(key, language)]))
}

/** The H5P server's translation call: keys like `client:fullscreen`. */
export function coreString(key: string, language: string): string {
  const name = key.slice(key.indexOf(':') + 1)
  const fallback = (english as Record<string, unknown>)[name]
  if (language.startsWith('vi') && Object.hasOwn(VIETNAMESE, name)) return VIETNAMESE[name]!
  return typeof fallback === 'string' ? fallback : name
}

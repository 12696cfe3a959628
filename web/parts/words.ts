import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { notice } from '../components/notice.ts'
import { progress } from '../components/progress.ts'
import { steps } from '../components/steps.ts'
import { toast } from '../components/toast.ts'
import { onDate, when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { part } from './part.ts'

export function wordParts(view: View): Html {
  const now = Date.now()
  return html`${part(
    'notice',
    notice(view, { body: 'Một điều nên biết ở đây.' }),
    notice(view, { tone: 'success', title: 'Đã ghi vào hồ sơ', body: 'Xem lại lúc nào cũng được.' }),
    notice(view, { tone: 'warning', body: 'Bản nháp, chỉ người soạn xem được.' }),
    notice(view, { tone: 'danger', title: 'Chưa lưu được', body: 'Những gì đã nhập vẫn còn trên trang.' }),
  )}
  ${part(
    'empty state',
    emptyState({
      level: 3,
      title: 'Hồ sơ còn trống',
      body: 'Học xong một bài thì bài đó tự hiện ở đây.',
      action: buttonLink(view, { label: 'Chọn bài để học', href: '/lessons' }),
    }),
  )}
  ${part(
    'progress',
    progress(view, { label: 'Nhập tệp', share: 0 }),
    progress(view, { label: 'Nhập tệp', share: 0.42, now: 'Đang đọc dòng 1.234', left: 80_000 }),
    progress(view, { label: 'Nhập tệp', share: 1, now: 'Đã xong' }),
  )}
  ${part('steps', steps(view, { label: 'Các bước', items: ['Chọn tệp', 'Xem lại', 'Đăng'], current: 1 }))}
  ${part(
    'time',
    html`<p>
      ${when(view, now)}, ${when(view, now - 86_400_000)}, ${when(view, now - 3 * 86_400_000)},
      ${when(view, now - 30 * 86_400_000)}, ${onDate(view, now)}
    </p>`,
  )}
  ${part('toast', toast(view, { message: 'Đã rút bài xuống.', undo: { action: '/-/parts' } }))}`
}

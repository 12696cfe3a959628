import { badge } from '../components/badge.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { copyField } from '../components/copy-field.ts'
import { dialog } from '../components/dialog.ts'
import { link } from '../components/link.ts'
import { menu } from '../components/menu.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { part } from './part.ts'

export function actParts(view: View): Html {
  return html`${part(
    'button',
    html`<div class="row">
      ${button(view, { label: 'Lưu', kind: 'primary' })} ${button(view, { label: 'Xem', icon: 'play' })}
      ${button(view, { label: 'Xóa hẳn', kind: 'danger', icon: 'trash' })}
      ${button(view, { label: 'Hoàn tác', kind: 'quiet' })}
      ${button(view, { label: 'Đang gửi', disabled: true })}
      ${buttonLink(view, { label: 'Đi tới trang khác', href: '/-/parts', icon: 'next' })}
      ${act(view, { label: 'Một việc', action: '/-/parts', fields: { id: '1' } })}
    </div>`,
  )}
  ${part('link', html`<p>Một câu có ${link({ href: '/-/parts', label: 'một đường dẫn' })} ở giữa.</p>`)}
  ${part(
    'menu',
    menu(view, {
      label: 'Thêm',
      name: 'Việc khác với mục này',
      items: [
        { label: 'Sửa', icon: 'edit', href: '/-/parts' },
        { label: 'Rút xuống', icon: 'close', action: '/-/parts' },
      ],
    }),
  )}
  ${part(
    'dialog',
    buttonLink(view, { label: 'Xóa', kind: 'danger', href: '/-/parts', dialog: 'sample-dialog' }),
    dialog(view, {
      id: 'sample-dialog',
      title: 'Xóa “Phân loại rác tại nhà”?',
      body: 'Bài và các tệp trong bài mất hẳn.',
      action: act(view, { label: 'Xóa hẳn', action: '/-/parts', kind: 'danger' }),
    }),
  )}
  ${part(
    'copy field',
    copyField(view, {
      id: 'endpoint',
      label: 'Endpoint',
      value: `${view.publicUrl}/xapi`,
      help: 'Dán vào LMS.',
    }),
  )}
  ${part(
    'badge',
    html`<div class="row">
      ${badge(view, { label: 'Đã đăng', tone: 'good', icon: 'check' })}
      ${badge(view, { label: 'Bản nháp', tone: 'waiting', icon: 'edit' })}
      ${badge(view, { label: 'Đã hủy', tone: 'bad', icon: 'close' })} ${badge(view, { label: 'Không rõ' })}
    </div>`,
  )}`
}

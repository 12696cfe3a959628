import { button } from '../components/button.ts'
import { checkbox, checkboxes, radios, select } from '../components/choice.ts'
import { dateField, errorSummary, field } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { part } from './part.ts'

const OPTIONS = [
  { value: 'a', label: 'Công dân', help: 'Học và có hồ sơ' },
  { value: 'b', label: 'Người soạn' },
  { value: 'c', label: 'Người vận hành' },
]

export function fieldParts(view: View): Html {
  return part(
    'field, choice, date, file',
    errorSummary(view, [{ field: 'f-error', message: 'Nhập một e-mail hoặc một số điện thoại.' }]),
    html`<form class="form" method="get">
      ${field(view, { name: 'f-plain', label: 'Họ và tên', required: true, value: 'Nguyễn Thị Ánh Nguyệt' })}
      ${field(view, { name: 'f-help', label: 'Ghi chú', help: 'Một hai câu.', rows: 3 })}
      ${field(view, {
        name: 'f-error',
        label: 'E-mail hoặc số điện thoại',
        value: 'abc',
        error: 'Nhập một e-mail hoặc một số điện thoại.',
        required: true,
      })}
      ${radios(view, { name: 'f-radio', label: 'Một trong vài điều', options: OPTIONS, value: 'b', required: true })}
      ${checkboxes(view, { name: 'f-boxes', label: 'Vài điều', options: OPTIONS, values: ['a', 'c'] })}
      ${checkbox(view, { name: 'f-box', label: 'Máy dùng chung', help: 'Tự đăng xuất sau 20 phút.' })}
      ${select(view, { name: 'f-select', label: 'Một trong nhiều', options: OPTIONS, empty: 'Chọn', value: 'c' })}
      ${dateField(view, { name: 'f-date', label: 'Ngày học', value: '2026-11-24' })}
      ${fileField(view, {
        name: 'f-file',
        label: 'Tệp bài học (.h5p)',
        accept: '.h5p',
        help: 'Một tệp .h5p, nhiều nhất 100 MB.',
      })}
      <div class="row">${button(view, { label: 'Gửi' })}</div>
    </form>`,
  )
}

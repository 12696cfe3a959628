import { card, cards, facts } from '../components/card.ts'
import { chart } from '../components/chart.ts'
import { code, details } from '../components/details.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { tabs } from '../components/tabs.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { part } from './part.ts'

const HOURS = [
  { label: '2024', value: 12, shown: '12 giờ' },
  { label: '2025', value: 31.5, shown: '31,5 giờ' },
  { label: '2026', value: 20, shown: '20 giờ' },
]
const DAY_HOURS = Array.from({ length: 24 }, (_, hour) => {
  const value = hour < 6 ? 0 : Math.round(400 * Math.sin((hour / 24) * Math.PI))
  return { label: `${hour}:00`, value, shown: String(value) }
})
const FOUR = ['Học', 'Hỏi', 'Hiểu', 'Hành'].map((label, at) => ({
  label,
  value: [5, 2, 3, 1][at]!,
  shown: String([5, 2, 3, 1][at]),
}))

export function listParts(view: View): Html {
  return html`${part(
    'tabs',
    tabs({
      label: 'Các mặt của một nguồn',
      items: [
        { href: '/-/parts', label: 'Tổng quan', current: true },
        { href: '/-/parts?tab=2', label: 'Khóa' },
        { href: '/-/parts?tab=3', label: 'Yêu cầu gần đây' },
      ],
    }),
  )}
  ${part(
    'card',
    cards([
      card({
        title: 'Phân loại rác tại nhà',
        href: '/lessons/1',
        meta: html`<span>Môi trường</span><span>3 ngày trước</span>`,
        body: 'Bài ngắn cho cả nhà.',
      }),
      card({ title: 'Thẻ không mở ra đâu' }),
    ]),
  )}
  ${part(
    'facts',
    facts([
      ['Khi nào', '24/11/2026 20:15'],
      ['Kết quả', 'Đạt · 8/10 điểm'],
    ]),
  )}
  ${part(
    'table',
    table({
      caption: 'Nguồn',
      columns: [
        { label: 'Tên', cell: (row: readonly string[]) => rowLink({ href: '/-/parts', label: row[0] }) },
        { label: 'Loại', cell: (row) => row[1] },
        { label: 'Ghi nhận', cell: (row) => row[2], end: true },
      ],
      rows: [
        ['Moodle, Trường THPT Sông Hồng', 'LMS', '12.345'],
        ['TTHTCĐ xã Mẫu', 'Trung tâm', '678'],
      ],
    }),
    pager(view, { next: '/-/parts?after=1', first: '/-/parts' }),
  )}
  ${part(
    'chart',
    chart(view, { kind: 'bars', title: 'Giờ học theo năm', labels: ['Năm', 'Giờ'], points: HOURS }),
    chart(view, { kind: 'columns', title: 'Câu mỗi giờ', labels: ['Giờ', 'Câu'], points: DAY_HOURS }),
    chart(view, { kind: 'line', title: 'Giờ học theo năm', labels: ['Năm', 'Giờ'], points: HOURS }),
    chart(view, { kind: 'share', title: 'Học, Hỏi, Hiểu, Hành', labels: ['Mặt', 'Số'], points: FOUR }),
  )}
  ${part(
    'details and code',
    details({
      summary: 'Xem dạng gốc',
      open: true,
      body: code({
        label: 'Dạng gốc',
        text: JSON.stringify({ name: '"><img src=x>', long: 'x'.repeat(120) }, null, 2),
      }),
    }),
  )}`
}

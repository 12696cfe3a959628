import { describe, expect, test } from 'vitest'
import type { RecordLine } from '../../profiles/index.ts'
import { render } from '../html.ts'
import { sampleLines } from '../testing/sample.ts'
import { testView } from '../testing/view.ts'
import { act, button } from './button.ts'
import { card, facts } from './card.ts'
import { checkbox, radios, select } from './choice.ts'
import { copyField } from './copy-field.ts'
import { code, details } from './details.ts'
import { errorSummary, field } from './field.ts'
import { menu } from './menu.ts'
import { notice } from './notice.ts'
import { pager } from './pager.ts'
import { progress } from './progress.ts'
import { outcome, recordLine } from './record-line.ts'
import { steps } from './steps.ts'
import { rowLink, table } from './table.ts'
import { timeline } from './timeline.ts'
import { toast } from './toast.ts'
import { when } from './when.ts'

const view = testView()
const evil = `"><img src=x onerror=alert(1)><script>alert(1)</script>`

describe('what people wrote is text and never markup', () => {
  const line = { ...sampleLines('p', 1)[0]!, activity: { id: 'x', name: { vi: evil }, type: null } }
  const parts = {
    button: button(view, { label: evil, name: evil, value: evil }),
    act: act(view, { label: evil, action: evil, fields: { [evil]: evil } }),
    card: card({ title: evil, href: evil, meta: evil, body: evil }),
    facts: facts([[evil, evil]]),
    field: field(view, { name: 'x', label: evil, value: evil, help: evil, error: evil, placeholder: evil }),
    textarea: field(view, { name: 'x', label: evil, value: evil, rows: 3 }),
    radios: radios(view, { name: 'x', label: evil, options: [{ value: evil, label: evil, help: evil }] }),
    checkbox: checkbox(view, { name: 'x', label: evil }),
    select: select(view, { name: 'x', label: evil, options: [{ value: evil, label: evil }] }),
    copy: copyField(view, { id: 'x', label: evil, value: evil }),
    details: details({ summary: evil, body: code({ label: evil, text: evil }) }),
    errors: errorSummary(view, [{ field: evil, message: evil }]),
    menu: menu(view, { label: evil, name: evil, items: [{ label: evil, href: evil }] }),
    notice: notice(view, { title: evil, body: evil }),
    pager: pager(view, { next: evil, first: evil }),
    progress: progress(view, { label: evil, share: 0.5, now: evil }),
    steps: steps(view, { label: evil, items: [evil], current: 0 }),
    table: table({
      caption: evil,
      columns: [{ label: evil, cell: () => rowLink({ href: evil, label: evil }) }],
      rows: [1],
    }),
    toast: toast(view, { message: evil, undo: { action: evil } }),
    line: recordLine(view, line, evil),
  }
  test.each(Object.entries(parts))('%s', (_name, part) => {
    const text = render(part)
    expect(text).not.toMatch(/<img|<script/)
    expect(text).toContain('&lt;script')
  })
})

test('no component and no page hands markup past the escaping, and none styles or runs inline', async () => {
  const { readdirSync, readFileSync } = await import('node:fs')
  const { join } = await import('node:path')
  const folder = join(import.meta.dirname, '..')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('client'),
  )
  expect(files.length).toBeGreaterThan(40)
  for (const file of files) {
    expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(
      /dangerouslySetInnerHTML|\sstyle=|<style|\son[a-z]+=["$]/,
    )
  }
})

test('a field is tied to its label, its help and its error', () => {
  const text = render(
    field(view, { name: 'phone', label: 'Số', help: 'Ví dụ', error: 'Nhập số', required: true }),
  )
  expect(text).toContain('<label for="phone">Số</label>')
  expect(text).toContain('aria-describedby="phone-help phone-error"')
  expect(text).toContain('aria-invalid="true"')
  expect(text).toMatch(/id="phone-error">.*Nhập số/)
})

test('a summary of errors leads to each field', () => {
  const text = render(errorSummary(view, [{ field: 'phone', message: 'Nhập số' }]))
  expect(text).toContain('<a href="#phone">Nhập số</a>')
  expect(render(errorSummary(view, []))).toBe('')
})

test('a relative time has its full date in the title', () => {
  const at = Date.UTC(2026, 10, 24, 13, 15)
  expect(render(when(view, at, at + 86_400_000))).toBe(
    '<time datetime="2026-11-24T13:15:00.000Z" title="24/11/2026 20:15">hôm qua</time>',
  )
})

test('a line of the record says what, result, duration, source and how far it can be trusted', () => {
  const line = {
    ...sampleLines('p', 1)[0]!,
    level: 'he-thong' as const,
    success: true,
    score: { raw: 8, max: 10 },
    duration: 4_800_000,
  }
  const text = render(recordLine(view, line, 'Moodle')).replace(/<[^>]+>/g, ' ')
  for (const word of [
    'Phân loại rác tại nhà',
    'Đạt · 8/10 điểm',
    '1 giờ 20 phút',
    'Hệ thống ghi',
    'Moodle',
  ]) {
    expect(text).toContain(word)
  }
  expect(render(recordLine(view, { ...line, duration: 400 }, 'Moodle'))).not.toContain('giây')
})

test('scores are shown as points, else as per cent, else not at all', () => {
  const base = { ...sampleLines('p', 1)[0]!, success: null, completed: false }
  const shown = (score: typeof base.score) =>
    render(recordLine(testView('vi'), { ...base, score }, undefined))
  expect(shown({ raw: 8.5, max: 10 })).toContain('8,5/10 điểm')
  expect(shown({ raw: 8, max: 10, scaled: 0.79 })).toMatch(/8\/10 điểm(?!.*%)/)
  expect(shown({ raw: 7, scaled: 0.7 })).toContain('7 điểm')
  expect(shown({ scaled: 0.855 })).toContain('85,5%')
  expect(shown({ raw: 0, max: 0 })).not.toContain('0/0')
  expect(shown(null)).not.toContain('điểm')
})

test('a line without a result says what was done; one without a name, what its address tells', () => {
  const line: RecordLine = {
    ...sampleLines('p', 1)[0]!,
    score: null,
    success: null,
    completed: false,
    verb: { id: 'http://activitystrea.ms/schema/1.0/submit', display: { en: 'submitted' } },
    activity: { id: 'https://lms.example.org/course/an-toan-dien', name: {}, type: null },
  }
  const shown = (language: 'vi' | 'en', change: Partial<RecordLine> = {}) =>
    render(recordLine(testView(language), { ...line, ...change }, undefined)).replace(/<[^>]+>/g, ' ')
  expect(shown('vi')).toContain('Nộp bài')
  expect(shown('vi')).toContain('An toan dien')
  expect(shown('en')).toContain('Submitted')
  expect(shown('vi', { success: true })).not.toContain('Nộp bài')
  const unknown = { ...line.activity, id: 'https://lms.example.org/course/7' }
  expect(shown('vi', { activity: unknown })).toContain('Nội dung học chưa có tên (lms.example.org)')
  expect(shown('en', { verb: { id: 'urn:x', display: {} } })).toContain('Learned')
})

test('the line of a life names each year and each month once, newest first', () => {
  const lines = sampleLines('p', 300, Date.UTC(2026, 10, 24))
  const text = render(timeline(view, { lines, sourceName: () => undefined, fromToday: true }))
  const years = [...text.matchAll(/life-year">(\d+)</g)].map(([, year]) => year)
  expect(years).toEqual(['2026', '2025', '2024', '2023'])
  const months = [...text.matchAll(/life-month">([^<]+)</g)].map(([, month]) => month)
  expect(new Set(months).size).toBe(months.length)
  expect(text.match(/class="record"/g)).toHaveLength(300)
})

test('progress stays between nothing and all', () => {
  expect(render(progress(view, { label: 'x', share: 1.7 }))).toContain('100%')
  expect(render(progress(view, { label: 'x', share: -1 }))).toContain('0%')
})

test('only an assessed pass is told as one; any other score of a lesson is practice', () => {
  const line = { ...sampleLines('p', 1)[0]!, success: true, completed: true, score: { raw: 3, max: 4 } }
  const shown = (more: Partial<RecordLine>) => outcome(testView('vi'), { ...line, ...more })
  expect(shown({})).toBe('Đạt · 3/4 điểm')
  expect(shown({ taken: 'assessed' })).toBe('Đạt, do hệ thống chấm · 3/4 điểm')
  expect(shown({ taken: 'practice' })).toBe('Đã học xong · Luyện tập: 3/4 điểm')
  expect(shown({ taken: 'practice', success: false, completed: false })).toBe('Luyện tập: 3/4 điểm')
})

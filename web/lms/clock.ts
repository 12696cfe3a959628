import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'

/** 20:15:07, with the date in front when it is not today's: while connecting, seconds matter. */
export function clockText(view: View, at: number, now = Date.now()): string {
  const full = view.format.dateTime(at)
  const seconds = String(new Date(at).getUTCSeconds()).padStart(2, '0')
  const [date, time] = full.split(' ')
  return view.format.date(now) === date ? `${time}:${seconds}` : full
}

export function clock(view: View, at: number): Html {
  return html`<time datetime=${new Date(at).toISOString()} title=${view.format.dateTime(at)}>${clockText(view, at)}</time>`
}

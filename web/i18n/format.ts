import type { Language } from './messages.ts'

export const TIME_ZONE = 'Asia/Ho_Chi_Minh'
const DAY = 86_400_000
/** UTC+7 all year: Việt Nam has kept no summer time since 1975. */
const OFFSET = 7 * 3_600_000

/** Dates, numbers and durations as a reader in Việt Nam writes them. Times are milliseconds since 1970. */
export interface Format {
  /** 24/11/2026 */
  date(at: number): string
  /** 24/11/2026 20:15 */
  dateTime(at: number): string
  /** "hôm qua", "3 ngày trước"; the date when it is older than a week. */
  relative(at: number, now?: number): string
  /** "Tháng 11/2026" */
  month(at: number): string
  /** 1.234,5 */
  number(value: number, digits?: number): string
  /** Share of one as per cent: 0.855 is "85,5%". */
  percent(share: number): string
  /** "1 giờ 20 phút"; seconds only under a minute's half hour. */
  duration(ms: number): string
  /** "3,4 MB" */
  bytes(size: number): string
}

/** The civil date in Việt Nam, as numbers. */
export function civil(at: number): { year: number; month: number; day: number } {
  const shifted = new Date(at + OFFSET)
  return { year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate() }
}

const cache = new Map<Language, Format>()

export function formatOf(language: Language): Format {
  let found = cache.get(language)
  if (!found) {
    found = makeFormat(language)
    cache.set(language, found)
  }
  return found
}

function makeFormat(language: Language): Format {
  // English readers here live in Việt Nam: day before month, 24 hours.
  const locale = language === 'vi' ? 'vi-VN' : 'en-GB'
  const two = (value: number) => String(value).padStart(2, '0')
  const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const monthName = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: TIME_ZONE })
  // To make one takes a tenth of a millisecond, and a page has many numbers.
  const made = new Map<string, Intl.NumberFormat>()
  const numbers = (name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const format = made.get(name) ?? new Intl.NumberFormat(locale, options)
    made.set(name, format)
    return format
  }
  const unit = (value: number, name: string) =>
    numbers(name, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)

  const date = (at: number) => {
    const { year, month, day } = civil(at)
    return `${two(day)}/${two(month)}/${year}`
  }
  const number = (value: number, digits = 1) =>
    numbers(`digits ${digits}`, { maximumFractionDigits: digits }).format(value)

  return {
    date,
    number,
    dateTime(at) {
      const shifted = new Date(at + OFFSET)
      return `${date(at)} ${two(shifted.getUTCHours())}:${two(shifted.getUTCMinutes())}`
    },
    relative(at, now = Date.now()) {
      const days = Math.floor((at + OFFSET) / DAY) - Math.floor((now + OFFSET) / DAY)
      if (days > 0 || days < -7) return date(at)
      // Vietnamese data writes these with a capital, as if they stood alone.
      return relativeFormat.format(days, 'day').toLocaleLowerCase(locale)
    },
    month(at) {
      const { year, month } = civil(at)
      return language === 'vi' ? `Tháng ${month}/${year}` : monthName.format(at)
    },
    percent: (share) => numbers('percent', { style: 'percent', maximumFractionDigits: 1 }).format(share),
    duration(ms) {
      const seconds = Math.round(ms / 1000)
      if (seconds < 60) return unit(seconds, 'second')
      const minutes = Math.floor(seconds / 60)
      const rest = seconds % 60
      if (minutes < 30 && rest > 0) return `${unit(minutes, 'minute')} ${unit(rest, 'second')}`
      const hours = Math.floor(minutes / 60)
      if (hours === 0) return unit(minutes, 'minute')
      return minutes % 60 ? `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}` : unit(hours, 'hour')
    },
    bytes(size) {
      if (size < 1000) return `${number(size)} B`
      if (size < 1e6) return `${number(size / 1e3, 0)} kB`
      return size < 1e9 ? `${number(size / 1e6)} MB` : `${number(size / 1e9)} GB`
    },
  }
}

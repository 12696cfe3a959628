const DAY = 86_400_000
/** UTC+7 all year. */
const OFFSET = 7 * 3_600_000

/** The first millisecond in Việt Nam of a day written `2026-11-24`, as date fields send it; null when it is none. */
export function startOfDay(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at - OFFSET
}

/** The last millisecond of that day. */
export function endOfDay(text: string): number | null {
  const start = startOfDay(text)
  return start === null ? null : start + DAY - 1
}

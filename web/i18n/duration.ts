import { parse } from 'tinyduration'

/** An ISO 8601 duration in ms; null for calendar years and months, whose length is not known, and for what is none. */
export function milliseconds(duration: string): number | null {
  try {
    const { years, months, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parse(duration)
    if (years || months) return null
    return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
  } catch {
    return null
  }
}

import type { Sizes } from '../figures.ts'

const DAY = 86_400_000
/** Fewer days of figures tell nothing. */
const FEWEST_DAYS = 4

export const usedBy = ({ database, log, blobs }: Sizes) => database + log + (blobs ?? 0)

/**
 * How fast what is kept grows: the straight line that fits the days best (least squares). Bytes a day, and months of 30
 * days until the disk is full at that rate; null when there are too few days, when nothing
 * grows, or when it is not known what is free.
 */
export function growthOf(days: readonly { from: number; sizes: Sizes | null }[]): {
  perDay: number | null
  months: number | null
} {
  // Until the attachments were counted once, a size is no sum.
  const known = days.flatMap(({ from, sizes }) =>
    sizes && sizes.blobs !== null ? [{ at: from / DAY, used: usedBy(sizes), free: sizes.free }] : [],
  )
  const last = known.at(-1)
  if (!last || known.length < FEWEST_DAYS) return { perDay: null, months: null }
  const mean = (read: (one: (typeof known)[number]) => number) =>
    known.reduce((sum, one) => sum + read(one), 0) / known.length
  const [at, used] = [mean((one) => one.at), mean((one) => one.used)]
  const perDay = mean((one) => (one.at - at) * (one.used - used)) / mean((one) => (one.at - at) ** 2)
  return { perDay, months: perDay > 0 && last.free !== null ? last.free / perDay / 30 : null }
}

/**
 * All that is stored together has one time, and nothing can appear at or below the watermark: so with a time from the
 * commit's beginning, the watermark would stand still until its end. A commit that will take long gets a time further
 * ahead, at most that of its likely end, and meanwhile the watermark goes on with the clock. How long it takes is known
 * from those before.
 */
export interface HeadStart {
  /** Whole ms. */
  of(weight: number): number
  learn(weight: number, ms: number): void
}

/** What is lighter takes about as long as the disk. */
const LONG = 1_000
/** Rather too early than a time that has not come yet when the commit is there. */
const SHARE = 0.75
/** A machine that was slow once does not put later commits far ahead of the clock. */
const MOST = 500
/** The quickest counts, and slowly those after it, so that one slow commit says little. */
const FORGETTING = 1.25
/** ms a statement; what a quick machine takes, for the first. */
const AT_FIRST = 0.03

export function createHeadStart(): HeadStart {
  let pace = AT_FIRST
  return {
    of: (weight) => (weight < LONG ? 0 : Math.min(MOST, Math.floor(weight * pace * SHARE))),
    learn(weight, ms) {
      if (weight < LONG) return
      pace = Math.min(ms / weight, pace * FORGETTING)
    },
  }
}

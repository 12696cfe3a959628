/** As much goes into one commit; a statement weighs one. Bounds how long others wait and how far the watermark lags. */
const GROUP_WEIGHT = 1_000
/** What is heavier takes the writer noticeably longer than the disk does. */
const LIGHT_WEIGHT = 20

/**
 * Chooses what is committed together next. Where heavy and light calls wait for each other they take turns, all that is
 * light and then what waited longest of the heavy: a light one waits for one heavy one at most, and no heavy one for ever.
 */
export function createTakeGroup(): <J extends { weight: number }>(queue: J[]) => J[] {
  let heavyIsNext = false
  return (queue) => {
    const isHeavy = ({ weight }: { weight: number }) => weight > LIGHT_WEIGHT
    const firstHeavy = queue.findIndex(isHeavy)
    const mixed = firstHeavy >= 0 && queue.some((job) => !isHeavy(job))
    if (!mixed) {
      heavyIsNext = false
      return queue.splice(0, fitting(queue))
    }
    heavyIsNext = !heavyIsNext
    // It was told before the light ones had their turn.
    if (!heavyIsNext) return queue.splice(firstHeavy, 1)
    const light = queue.filter((job) => !isHeavy(job))
    const group = light.slice(0, fitting(light))
    const taken = new Set<unknown>(group)
    const rest = queue.filter((job) => !taken.has(job))
    queue.splice(0, queue.length, ...rest)
    return group
  }
}

/** How many of the first fit into a group; one at least. */
function fitting(jobs: readonly { weight: number }[]): number {
  let weight = 0
  const end = jobs.findIndex((job, at) => {
    weight += job.weight
    return at > 0 && weight > GROUP_WEIGHT
  })
  return end < 0 ? jobs.length : end
}

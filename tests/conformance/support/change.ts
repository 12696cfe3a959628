/** One change to a JSON value: the member at a path such as `context.contextActivities.parent[0].id`. */
export interface Change {
  path: string
  /** What stands there afterwards. */
  value: unknown
}

const absent = Symbol('absent')

export const set = (path: string, value: unknown): Change => ({ path, value })
export const no = (path: string): Change => ({ path, value: absent })

/** A copy with the changes made. Throws when a path leads nowhere: a table that misses its place proves nothing. */
export function changed<T>(value: T, changes: readonly Change[]): T {
  const copy = structuredClone(value)
  for (const { path, value: to } of changes) {
    const steps = path.match(/[^.[\]]+/g) ?? []
    // biome-ignore lint/suspicious/noExplicitAny: walks any JSON
    let holder: any = copy
    for (const step of steps.slice(0, -1)) holder = holder?.[step]
    const last = steps.at(-1)!
    if (typeof holder !== 'object' || holder === null) throw new Error(`nothing at ${path}`)
    if (to !== absent) holder[last] = to
    else if (last in holder) delete holder[last]
    else throw new Error(`nothing at ${path}`)
  }
  return copy
}

export function titleOf(changes: readonly Change[]): string {
  return changes
    .map(({ path, value }) => (value === absent ? `no ${path}` : `${path} ${short(JSON.stringify(value))}`))
    .join(', ')
}

function short(text: string): string {
  return text.length > 70 ? `${text.slice(0, 67)}...` : text
}

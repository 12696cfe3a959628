/** Something that was acknowledged is not there, or something is there that must not be. */
export class Loss extends Error {
  override name = 'Loss'
}

const MOST_TOLD = 20

/** Throws when there is something to tell. */
export function mustBeEmpty(wrong: readonly string[]): void {
  if (wrong.length === 0) return
  const more = wrong.length - MOST_TOLD
  throw new Loss([...wrong.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'))
}

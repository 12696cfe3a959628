/** So many go on one behind the other before the lines are looked at again that requests come in by. */
const AT_ONCE = 32

const waiting: (() => void)[] = []

/**
 * Resolves when what came in this turn of the event loop has been taken in, so that requests are worked on in a row and
 * not each between the reading of two others (docs/adr/0017-reads-nearby.md).
 */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.length === 0) setImmediate(goOn)
    waiting.push(resolve)
  })
}

function goOn(): void {
  for (const resolve of waiting.splice(0, AT_ONCE)) resolve()
  // Behind what these leave for the next turn: what they write is committed while the others are worked on.
  if (waiting.length > 0) setImmediate(() => setImmediate(goOn))
}

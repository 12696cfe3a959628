/** Calls `read` every 50 ms until stopped, and keeps the largest value. */
export function watchLargest(read: () => number): { stop(): number } {
  let largest = read()
  const look = () => {
    largest = Math.max(largest, read())
  }
  const timer = setInterval(look, 50)
  return {
    stop() {
      clearInterval(timer)
      look()
      return largest
    },
  }
}

export const megabytes = (bytes: number) => bytes / 1_000_000

import { setTimeout } from 'node:timers/promises'

export interface Step {
  name: string
  run(): Promise<unknown>
  /** It is left behind after so long, ms; absent: it may take all the time that there is. */
  atMost?: number
}

/**
 * Runs the steps of a stop one after another, all of them within `ms`. One that fails does not keep the others from
 * running; one that takes too long is left behind, and those that follow have the rest of the time. Tells the errors,
 * and which steps were left behind.
 */
export async function runSteps(
  steps: readonly Step[],
  ms: number,
): Promise<{ errors: { step: string; error: unknown }[]; leftBehind: string[] }> {
  const errors: { step: string; error: unknown }[] = []
  const leftBehind: string[] = []
  const over = setTimeout(ms, 'over' as const, { ref: false })
  for (const { name, run, atMost } of steps) {
    const ended = await Promise.race([
      over,
      ...(atMost === undefined ? [] : [setTimeout(atMost, 'late' as const, { ref: false })]),
      run().then(
        () => 'done' as const,
        (error: unknown) => {
          errors.push({ step: name, error })
          return 'done' as const
        },
      ),
    ])
    if (ended !== 'done') leftBehind.push(name)
    if (ended === 'over') break
  }
  return { errors, leftBehind }
}

/**
 * Ends the process at once. `process.exit` waits for every thread, also for one that is in the middle of a long read of
 * the store; what it reads concerns nobody any more.
 */
export function endWithoutThreads(code: number): never {
  if (process.execve && process.platform !== 'win32')
    process.execve(process.execPath, [process.execPath, '--eval', `process.exit(${code})`], {})
  process.exit(code)
}

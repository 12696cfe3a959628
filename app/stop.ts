import { setTimeout } from 'node:timers/promises'

export interface Step {
  name: string
  run(): Promise<unknown>
}

/**
 * Runs the steps of a stop one after another, all of them within `ms`. One that fails does not keep the others from
 * running; one that takes too long is left behind. Tells the errors, and which step the time was over in.
 */
export async function runSteps(
  steps: readonly Step[],
  ms: number,
): Promise<{ errors: { step: string; error: unknown }[]; cutOff: string | null }> {
  const errors: { step: string; error: unknown }[] = []
  const over = setTimeout(ms, 'over' as const, { ref: false })
  for (const { name, run } of steps) {
    const ended = await Promise.race([
      over,
      run().then(
        () => 'done' as const,
        (error: unknown) => {
          errors.push({ step: name, error })
          return 'done' as const
        },
      ),
    ])
    if (ended === 'over') return { errors, cutOff: name }
  }
  return { errors, cutOff: null }
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

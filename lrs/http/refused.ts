import type { Problem } from '../problem.ts'

/** Carries an expected refusal out of a stream, where no value can be returned; `serve` turns it back into a value. */
export class Refused extends Error {
  override name = 'Refused'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

export function tooLarge(what: string, limit: number): Problem {
  return {
    id: 'too-large',
    status: 413,
    path: 'body',
    message: `${what} may have ${limit} bytes at most. Send less at once.`,
  }
}

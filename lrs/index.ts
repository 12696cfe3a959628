/** The public face of the Learning Record Store: all that other parts may import. */
export type { Authority, Caller, Scope } from './caller.ts'
export { allows, DEFAULT_SCOPES, SCOPES } from './caller.ts'
export type { Problem, Refusal } from './problem.ts'
export { refuse } from './problem.ts'

import { allows, SCOPES, type Scope } from '../caller.ts'

export const isScope = (scope: string): scope is Scope => (SCOPES as readonly string[]).includes(scope)

/** Whether these scopes hold one, themselves or by a wider one. */
export const covers = (scopes: readonly Scope[], scope: Scope): boolean =>
  allows({ scopes: new Set(scopes) }, scope)

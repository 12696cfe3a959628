import type { PackageProblem } from './types.ts'

/**
 * A problem of a lesson or package. The words an author reads are in web/i18n/messages/h5p.ts under the same id;
 * `message` is the English for logs and interfaces.
 */
export function problem(
  id: string,
  status: number,
  message: string,
  values?: Record<string, string | number>,
): PackageProblem {
  return values ? { id, status, message, values } : { id, status, message }
}

export function refusal(...problems: [PackageProblem, ...PackageProblem[]]): {
  ok: false
  status: number
  problems: PackageProblem[]
  total: number
} {
  return { ok: false, status: problems[0].status, problems: problems.slice(0, 100), total: problems.length }
}

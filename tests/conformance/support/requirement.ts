import { expect, it } from 'vitest'
import type { Version } from '../../../lrs/statement/types.ts'
import { type Change, changed, titleOf } from './change.ts'
import type { Answer, Client } from './client.ts'
import { clientOf } from './harness.ts'

// biome-ignore lint/suspicious/noExplicitAny: a statement is any JSON object
type Statement = any

/**
 * One test for each version that has the rule, named by the ids of that version (schemas/requirements.json):
 * `XAPI-…` speaks of 1.0.3, `XAPI2-…` of 2.0. `ids` are parted by spaces.
 */
export function requirement(ids: string, text: string, test: (xapi: Client) => Promise<void>): void {
  for (const [version, own] of versionsOf(ids)) it(`${own} ${text}`, () => test(clientOf(version)))
}

/** Ids, where the statement is changed, and to what; the change is wrong by that rule and by nothing else. */
export type Row = readonly [ids: string, ...changes: Change[]]

/** Each row's change makes a statement refused that is accepted without it, and the refusal points at that place. */
export function refuses(base: (version: Version) => Statement, rows: readonly Row[]): void {
  const baselines = new Map<Version, Promise<Answer>>()
  for (const [ids, ...changes] of rows) {
    requirement(ids, `refuses ${titleOf(changes)}`, async (xapi) => {
      const baseline = baselines.get(xapi.version) ?? xapi.post('/statements', base(xapi.version))
      baselines.set(xapi.version, baseline)
      const accepted = await baseline
      expect(accepted.status, accepted.text).toBe(200)
      const answer = await xapi.post('/statements', changed(base(xapi.version), changes))
      expect(answer.status, answer.text).toBe(400)
      const told = answer.problems.map((problem) => problem.path ?? '')
      expect(
        told.some((path) => changes.some((change) => meets(path, change.path))),
        told.join(' | '),
      ).toBe(true)
    })
  }
}

/** Each row's change leaves the statement acceptable. */
export function accepts(base: (version: Version) => Statement, rows: readonly Row[]): void {
  for (const [ids, ...changes] of rows) {
    requirement(ids, `accepts ${titleOf(changes)}`, async (xapi) => {
      const answer = await xapi.post('/statements', changed(base(xapi.version), changes))
      expect(answer.status, answer.text).toBe(200)
    })
  }
}

function versionsOf(ids: string): [Version, string][] {
  const all = ids.split(' ')
  const of = (prefix: string) => all.filter((id) => id.startsWith(prefix)).join(' ')
  const versions: [Version, string][] = [
    ['1.0.3', of('XAPI-')],
    ['2.0.0', of('XAPI2-')],
  ]
  return versions.filter(([, own]) => own !== '')
}

/** The place told is the place changed or within the same object: a missing objectType shows by its neighbours. */
function meets(told: string, path: string): boolean {
  const place = told.replace(/^statements?(\[\d+\])?\.?/, '')
  const around = path.slice(0, path.lastIndexOf('.')) || path
  return place !== '' && (place.startsWith(around) || path.startsWith(place))
}

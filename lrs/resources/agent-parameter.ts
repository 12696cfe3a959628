import type { Problem } from '../problem.ts'
import { agentKey, type Identifier } from '../statement/agent-key.ts'
import { scan } from '../statement/json.ts'
import { parseJson } from '../statement/json-syntax.ts'
import type { Version } from '../statement/types.ts'
import { validateActor } from '../statement/validate.ts'

/** Reads an Agent or identified Group given as JSON: its agent key, or what is wrong with it. */
export function readAgent(
  text: string,
  version: Version,
  path: string,
): { value: string } | { problems: [Problem, ...Problem[]] } {
  const parsed = parseJson(text)
  if (!parsed.ok || scan(text).faults.length > 0) return { problems: [{ ...NOT_JSON, path }] }
  const [first, ...others] = validateActor(parsed.value, version, path)
  if (first) return { problems: [first, ...others] }
  const key = agentKey(parsed.value as Identifier)
  return key === null ? { problems: [{ ...ANONYMOUS, path }] } : { value: key }
}

const NOT_JSON: Problem = {
  id: 'agent-not-json',
  status: 400,
  message:
    'Give the agent as a JSON object, percent-encoded: {"mbox":"mailto:…"}, or openid, mbox_sha1sum or account.',
}
const ANONYMOUS: Problem = {
  id: 'agent-anonymous',
  status: 400,
  message: 'A Group without an identifier cannot be asked for. Give mbox, mbox_sha1sum, openid or account.',
}

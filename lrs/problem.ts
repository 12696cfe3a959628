/** An expected refusal, as a value. `id` is stable and listed where it is made; `message` says what to do next. */
export interface Problem {
  /** Stable, kebab-case: `statement-actor-missing`. */
  id: string
  /** HTTP status that this problem alone leads to. */
  status: number
  /** Requirement it cites, an id of schemas/requirements.json; absent where lrs/versions/requirements.ts tells it. */
  requirement?: string
  /** Where in the request: `statements[3].actor.mbox`, `parameter since`, `header If-Match`. */
  path?: string
  message: string
}

/** All problems of one request: at most 100, with the total found. */
export interface Refusal {
  ok: false
  status: number
  problems: Problem[]
  total: number
}

export function refuse(...problems: [Problem, ...Problem[]]): Refusal {
  return { ok: false, status: problems[0].status, problems: problems.slice(0, 100), total: problems.length }
}

/** What the reader of a body and the splitter of a large one both find. */
export const NOT_UTF8: Problem = {
  id: 'body-utf8',
  status: 400,
  path: 'body',
  message: 'The body is not UTF-8. Encode it as UTF-8.',
}

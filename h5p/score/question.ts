/** A question that a lesson holds, as the server sees it in the content. */
export interface Question {
  /** Sub-content id; `ONLY` for a lesson that is nothing but this question. */
  id: string
  /** Machine name of its type. */
  library: string
  /** Points at most; null: the server does not know how it is scored. */
  max: number | null
  /** What is asked, as plain text; of our own types. */
  asks?: Asked
  /** Points of a response as xAPI writes it (answers joined by `[,]`); null: they cannot be known. */
  score(response: string): number | null
}

export interface Asked {
  text: string
  /** Of xAPI. */
  interactionType: 'choice' | 'true-false' | 'fill-in' | 'sequencing'
  /** Choices, or the things to put into order. */
  choices?: readonly { id: string; text: string }[]
  /** Responses that are right, in xAPI's form. */
  patterns: string[]
  /** The right answer in words; of true or false its id. */
  right: string
  /** What its author explains after the answer. */
  explanation: string
  /** What its author says of what was chosen. */
  feedback(response: string): string[]
}

/** The id of the one question of a lesson that is a single question; H5P itself calls the whole `0`. */
export const ONLY = '0'

export interface Points {
  raw: number
  max: number
}

/** A question whose scoring the server does not know. */
export const unscored = (id: string, library: string): Question => ({
  id,
  library,
  max: null,
  score: () => null,
})

/** Answers of a response, with empty ones. */
export const answersOf = (response: string): string[] => response.split('[,]')

/** Ids of a response, each once and each among these; null when it is anything else. */
export function chosenOf(response: string, among: ReadonlySet<string>): Set<string> | null {
  if (response === '') return new Set()
  const chosen = answersOf(response)
  const each = new Set(chosen)
  return each.size === chosen.length && chosen.every((id) => among.has(id)) ? each : null
}

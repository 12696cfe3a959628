/**
 * A line, with those that it is shown in the place of: what several sources told of one thing is one line, and may be
 * taken apart again. What was said of any of them is said of the line.
 */
export interface NamedLine {
  id: string
  tellers?: readonly { line: string }[]
}

export const namesOf = ({ id, tellers = [] }: NamedLine): string[] => [
  ...new Set([id, ...tellers.map(({ line }) => line)]),
]

import type { PackageProblem } from '../../h5p/index.ts'
import { errorOf, type FieldError, field } from '../components/field.ts'
import type { Html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { explainPackageProblem } from '../i18n/problems.ts'
import type { View } from '../view.ts'

/** Details that stand in the form under their own names. */
const FIELDS = [
  ...['title', 'topics', 'description', 'language', 'minutes'],
  ...['audience', 'licence', 'authors', 'source', 'note', 'cover', 'alt'],
]

/** Refusals of h5p, each beside the detail it speaks of, else beside `otherwise`. */
export function detailErrors(
  view: View,
  problems: readonly PackageProblem[],
  otherwise = 'title',
): FieldError[] {
  return problems.map((problem) => ({
    field: FIELDS.find((name) => name === problem.path) ?? otherwise,
    message: explainPackageProblem(view, problem),
  }))
}

/** The minutes as typed: null for none, and for what is no whole number a figure that h5p refuses in words. */
export function minutesOf(text: string): number | null {
  if (text === '') return null
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
}

export function minutesField(view: View, value: string, errors: readonly FieldError[]): Html {
  const say = view.say(author)
  return field(view, {
    name: 'minutes',
    label: say('minutesField'),
    help: say('minutesHelp'),
    value,
    inputmode: 'numeric',
    maxlength: 4,
    error: errorOf(errors, 'minutes'),
  })
}

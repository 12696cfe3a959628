import { holdsEverywhere, type Organisation } from '../../profiles/index.ts'
import { select } from '../components/choice.ts'
import { errorOf, type FieldError } from '../components/field.ts'
import type { Html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { nameOf } from '../organisations/frame.ts'
import { viewerOf } from '../page.ts'
import type { View } from '../view.ts'

/** For which organisation a lesson is; nothing for who may write for none. */
export function organisationField(
  view: View,
  choices: readonly Organisation[],
  value: string,
  errors: readonly FieldError[],
): Html {
  if (choices.length === 0) return null
  const say = view.say(author)
  const free = mayWriteForNone(view)
  return select(view, {
    name: 'organisation',
    label: say('organisationField'),
    help: say('organisationHelp'),
    required: !free,
    ...(free
      ? { empty: say('organisationNone') }
      : choices.length > 1 && { empty: say('organisationChoose') }),
    options: choices.map((each) => ({ value: each.id, label: nameOf(view, each) })),
    value,
    error: errorOf(errors, 'organisation'),
  })
}

/** What was chosen of it: undefined for none; or what is wrong. */
export function chosenOrganisation(
  view: View,
  choices: readonly Organisation[],
  sent: string,
): { organisation?: string } | FieldError {
  const chosen = choices.find(({ id }) => id === sent)
  if (chosen) return { organisation: chosen.id }
  if (sent === '' && mayWriteForNone(view)) return {}
  return { field: 'organisation', message: view.say(author)('organisationMissing') }
}

/** Authors of the whole tenant may; those of an organisation write for it. */
const mayWriteForNone = (view: View) => holdsEverywhere(viewerOf(view), 'write-lessons')

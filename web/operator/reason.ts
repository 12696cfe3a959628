import { hasCitizenNumber } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import { operator } from '../i18n/messages/operator.ts'
import type { View } from '../view.ts'

/** What is wrong with the reason that an operator gives; the person reads it. */
export function reasonErrors(view: View, reason: string): FieldError[] {
  const say = view.say(operator)
  if (reason === '') return [{ field: 'reason', message: say('reasonMissing') }]
  return hasCitizenNumber(reason) ? [{ field: 'reason', message: say('reasonNumber') }] : []
}

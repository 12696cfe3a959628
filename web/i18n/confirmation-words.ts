import type { Confirmation, ConfirmationRequest } from '../../profiles/index.ts'
import type { View } from '../view.ts'
import { confirmations } from './messages/confirmations.ts'

/** How it stands with a confirmation, with the date of that. */
export function confirmationState(view: View, { state, at, ended, original }: Confirmation): string {
  const date = view.format.date(ended?.at ?? at)
  const isVoided = state === 'withdrawn' && ended?.by === null
  const key = isVoided ? 'voided' : state === 'standing' && original ? 'original' : state
  return view.say(confirmations)(`confirmation-${key}`, { date, reason: ended?.reason ?? '' })
}

/** How it stands with a request, with the date of that. */
export function requestState(view: View, { state, at, answered }: ConfirmationRequest): string {
  const date = view.format.date(answered?.at ?? at)
  return view.say(confirmations)(`request-${state}`, { date, reason: answered?.reason ?? '' })
}

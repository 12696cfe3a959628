import type { AskedCode, Person, PersonIdentifier } from '../profiles/index.ts'
import { formatOf } from './i18n/format.ts'
import { letters } from './i18n/messages/letters.ts'
import { type Language, speak } from './i18n/messages.ts'
import type { WebServices } from './services.ts'

type Sender = Pick<WebServices, 'messages' | 'identifiers' | 'tenantName' | 'publicUrl' | 'report'>

/** Sends a code that was asked for; whether it was handed over. True where there is nothing to send. */
export async function sendCode(
  { messages, tenantName }: Sender,
  purpose: 'prove' | 'recover',
  asked: AskedCode,
  language: Language,
): Promise<boolean> {
  if (asked.code === null) return true
  const say = speak(language, letters)
  const { kind, value } = asked.to
  const code = asked.digits === 12 ? asked.code.replace(/(\d{4})(?=.)/g, '$1 ') : asked.code
  const values = {
    code,
    minutes: Math.round((asked.until - Date.now()) / 60_000),
    tenant: tenantName,
  }
  return messages.send(kind, {
    to: value,
    ...(kind === 'email' && { subject: say(`subject-${purpose}`, values) }),
    text: say(`${kind}-${purpose}`, values),
    language,
  })
}

type Noticed =
  | 'added'
  | 'removed'
  | 'recovered'
  | 'password'
  | 'printed'
  | 'issued'
  | 'second-factor-on'
  | 'second-factor-off'
  | 'second-factor-removal'
  | 'passkey-added'
  | 'passkey-removed'
  | 'provider-added'
  | 'provider-removed'

/**
 * Tells a person, at everything of theirs that is proven, what was changed of their account. Nobody waits for it; what
 * fails is in the log. `before` is what they had before the change, where that is more; `but` is left out.
 */
export function notify(
  { messages, identifiers, tenantName, publicUrl, report }: Sender,
  person: Pick<Person, 'id' | 'language'>,
  what: Noticed,
  { before = [], but }: { before?: readonly PersonIdentifier[]; but?: string } = {},
): void {
  const { language } = person
  const say = speak(language, letters)
  const values = {
    what: say(`notice-${what}`),
    time: formatOf(language).dateTime(Date.now()),
    address: `${publicUrl}/recover`,
    tenant: tenantName,
  }
  const send = async () => {
    const all = [...before, ...(await identifiers.of(person.id))].filter(
      (each, at, list) =>
        each.proven !== null &&
        each.value !== but &&
        list.findIndex(({ value }) => value === each.value) === at,
    )
    await Promise.all(
      all
        .filter(({ kind }) => messages.carries(kind))
        .map(({ kind, value }) =>
          messages.send(kind, {
            to: value,
            ...(kind === 'email' && { subject: say('notice-subject') }),
            text: say(`notice-${kind}`, values),
            language,
          }),
        ),
    )
  }
  // The change is made: that it cannot be told of now must not look like its failure.
  send().catch((error: unknown) => report(error, 'notice'))
}

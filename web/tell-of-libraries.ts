import type { LibraryRequest, Released } from '../h5p/index.ts'
import { libraries } from './i18n/messages/libraries.ts'
import { speak } from './i18n/messages.ts'
import type { WebServices } from './services.ts'

type Sender = Pick<
  WebServices,
  'messages' | 'identifiers' | 'accounts' | 'tenantName' | 'publicUrl' | 'report'
>

/** Writes to the authors of lessons that wait no more. Nobody waits for it; their pages tell it in any case. */
export function tellReleased(services: Sender, released: readonly Released[]): void {
  for (const { lesson, author, title } of released)
    tell(services, author, lesson, title, 'letterSubject', 'letterEmail', '')
}

/** Writes to the author whose libraries were refused, where a lesson waits for them. */
export function tellRefused(services: Sender, request: LibraryRequest): void {
  const { lesson, by, title, reason = '' } = request
  if (lesson !== null) tell(services, by, lesson, title, 'letterRefusedSubject', 'letterRefusedEmail', reason)
}

function tell(
  { messages, identifiers, accounts, tenantName, publicUrl, report }: Sender,
  person: string,
  lesson: string,
  title: string,
  subject: 'letterSubject' | 'letterRefusedSubject',
  text: 'letterEmail' | 'letterRefusedEmail',
  reason: string,
): void {
  const send = async () => {
    const author = await accounts.get(person)
    if (!author || !messages.carries('email')) return
    const { language } = author
    const say = speak(language, libraries)
    const address = `${publicUrl}/author/${encodeURIComponent(lesson)}`
    const values = { title, reason, address, tenant: tenantName }
    const proven = (await identifiers.of(person)).filter(
      ({ kind, proven }) => kind === 'email' && proven !== null,
    )
    await Promise.all(
      proven.map(({ value }) =>
        messages.send('email', {
          to: value,
          subject: say(subject, values),
          text: say(text, values),
          language,
        }),
      ),
    )
  }
  send().catch((error: unknown) => report(error, 'letter'))
}

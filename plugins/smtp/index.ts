import type { Delivery, Messenger } from '../plugin.ts'

/** Longest silence of a server at any step, ms; the whole is bounded by the caller's signal. */
const STEP_MS = 10_000

/**
 * E-mail by SMTP.
 * @param url `smtp://USER:PASSWORD@HOST:587` (STARTTLS where the server offers it) or `smtps://USER:PASSWORD@HOST` (TLS)
 * @param from the sender: `hoctap@tinh.example` or `Suốt Đời <hoctap@tinh.example>`
 */
export function createSmtpMessenger({ url, from }: { url: string; from: string }): Messenger {
  const connect = async () => {
    // Read from disk when the first message is sent: a start does not wait for it.
    const { createTransport } = await import('nodemailer')
    return createTransport({
      url,
      dnsTimeout: STEP_MS,
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
      // A message is text of ours: nothing is read from files or fetched for it.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  async function told(work: Promise<unknown>, signal: AbortSignal): Promise<Delivery> {
    try {
      await orEnded(work, signal)
      return { ok: true }
    } catch (error) {
      return { ok: false, ...why(error) }
    }
  }

  return {
    channel: 'email',
    send({ to, subject = '', text, language }, signal) {
      const mail = {
        from,
        // As an object it is one address, whatever stands in it.
        to: { name: '', address: to },
        subject,
        text,
        headers: {
          'Content-Language': language,
          // No answer of a machine on holiday is wanted (RFC 3834).
          'Auto-Submitted': 'auto-generated',
        },
      }
      const sent = connect().then((transport) => transport.sendMail(mail))
      return told(sent, signal)
    },
    ready: (signal) =>
      told(
        connect().then((transport) => transport.verify()),
        signal,
      ),
  }
}

function orEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(signal.reason)
    signal.addEventListener('abort', ended, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended))
  })
}

/** A server that answered with 5xx has refused; with 4xx it asks to come again; any other failure is of the way to it. */
function why(error: unknown): { reason: 'unreachable' | 'refused'; code: string } {
  const { responseCode, code, name } = error as { responseCode?: unknown; code?: unknown; name?: unknown }
  if (typeof responseCode === 'number')
    return { reason: responseCode >= 500 ? 'refused' : 'unreachable', code: String(responseCode) }
  return { reason: 'unreachable', code: String(code ?? name ?? 'unknown') }
}

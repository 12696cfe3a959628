import type { Request, RequestHandler } from 'express'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that another site started with the reader's cookie (CSRF). Every browser names the page that sent a
 * form: by `Sec-Fetch-Site`, older ones by `Origin` or `Referer`. A request that names none is refused too. So forms
 * need no hidden token, uploads are judged before their body is read, a visitor who only reads gets no cookie, and
 * signing somebody else in by a forged form is refused as well. SameSite=Lax cookies stand behind it.
 */
export function sameOrigin(publicUrl: string, refused: RequestHandler): RequestHandler {
  const own = new URL(publicUrl).host
  return (req, res, next) => {
    if (SAFE.has(req.method) || comesFromHere(req, own)) return next()
    return refused(req, res, next)
  }
}

function comesFromHere(req: Request, own: string): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const from = req.get('origin') ?? req.get('referer')
  if (!from || !URL.canParse(from)) return false
  const { host } = new URL(from)
  return host !== '' && (host === own || host === req.get('host'))
}

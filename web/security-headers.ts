import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * What a browser may do on our pages: our own files and nothing else, no inline script or style, framed by nobody,
 * framing only our own player, or the
 * origin it is served from. The referrer stays with us; it must reach us, because same-origin.ts reads it.
 */
export function securityHeaders(
  publicUrl: string,
  playerUrl: string | null,
  /** A lesson inside of another site's page; there is nothing of anybody in it. */
  { framedByAll = false } = {},
): RequestHandler {
  const https = publicUrl.startsWith('https:')
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: [playerUrl ?? "'self'"],
        formAction: ["'self'"],
        frameAncestors: [framedByAll ? '*' : "'none'"],
        baseUri: ["'none'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        ...(https && { upgradeInsecureRequests: [] }),
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: framedByAll ? false : { action: 'deny' },
    ...(framedByAll && { crossOriginResourcePolicy: { policy: 'cross-origin' as const } }),
    strictTransportSecurity: https ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
  })
}

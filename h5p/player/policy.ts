/**
 * What a browser allows the page inside a frame. Without an origin of its own it lies on ours, and may not have it:
 * `allow-same-origin` there would make the sandbox none. On an origin of its own it may have that one: nothing of ours is
 * there, and a browser that parts its cache by origin keeps libraries from one lesson to the next.
 */
export function sandboxOf(playerUrl: string | null): string {
  return playerUrl === null ? 'allow-scripts' : 'allow-scripts allow-same-origin'
}

/**
 * The policy of the frame's page. `sandbox` holds also when it is opened without the outer page's frame: no pop-up, no
 * form, no other page. `base-uri 'self'` is what H5P.InteractiveVideo needs.
 */
export function framePolicy(of: {
  nonce: string
  /** Origins that sound and film may come from. */
  media: readonly string[]
  /** Its libraries compile templates. */
  evaluates: boolean
  publicUrl: string
  playerUrl: string | null
  /** Of an attempt that is nobody's: it may be played inside of another site's page. */
  framedByAll: boolean
}): string {
  const media = of.media.length > 0 ? ` ${of.media.join(' ')}` : ''
  return [
    `sandbox ${sandboxOf(of.playerUrl)}`,
    "default-src 'none'",
    `script-src 'nonce-${of.nonce}' 'self'${of.evaluates ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `media-src 'self' data: blob:${media}`,
    "font-src 'self' data:",
    "connect-src 'self'",
    // It would outlive the page on an origin of its own.
    "worker-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
    `frame-ancestors ${of.framedByAll ? '*' : of.playerUrl === null ? "'self'" : of.publicUrl}`,
  ].join('; ')
}

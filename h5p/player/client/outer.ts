/**
 * The outer page's half of the player. The page holds
 *
 *   <iframe src="{frameUrl}" sandbox="{sandbox}" allow="fullscreen; autoplay" title="{title}"
 *     data-h5p-attempt="{attempt.id}" data-h5p-token="{token}" data-h5p-renew="{URL, optional}"
 *     data-h5p-csrf="{sent as x-csrf-token with the renewal, optional}"></iframe>
 *   <script type="module" src="{host.outerScript}"></script>
 *
 * and hears on the iframe: `h5p:status` with `{unsent, waiting}` whenever that changes (waiting: the line is gone, it is
 * tried again by itself), `h5p:finished` once when the server has taken the lesson's end, `h5p:refused` with the problem
 * of an event that the server did not take. Statements are checked for their shape only; what they say is the server's
 * to judge.
 */
const PROTOCOL = 'suotdoi-h5p/1'
const BATCH = 25
const LONGEST_PAUSE = 60_000

interface Event_ {
  id: string
  at: string
  statement: object
}
interface State {
  dataType: string
  subContentId: string
  data: string | null
  preload: boolean
  invalidate: boolean
}
interface Answer {
  results: { id: string; status: string; problem?: { id: string; message: string } }[]
  finished: boolean
}

for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-h5p-attempt]')) play(frame)

function play(frame: HTMLIFrameElement): void {
  const { h5pAttempt: attempt = '', h5pRenew: renewUrl, h5pCsrf: csrf } = frame.dataset
  let token = frame.dataset.h5pToken ?? ''
  // The page's own markup needs it no longer, and what is not there cannot be read.
  frame.removeAttribute('data-h5p-token')
  const events: Event_[] = []
  const states = new Map<string, State>()
  let busy = false
  let failures = 0
  /** What the server asked to wait, ms. */
  let asked = 0
  let timer = 0
  let finished = false
  let lent = false
  // An opaque origin is told as "null", and can be named by nothing but "*".
  const origin = frame.sandbox.contains('allow-same-origin') ? new URL(frame.src).origin : 'null'
  const to = origin === 'null' ? '*' : origin

  const tell = (type: string, detail: object) =>
    frame.dispatchEvent(new CustomEvent(`h5p:${type}`, { detail }))
  const status = () => tell('status', { unsent: events.length, waiting: failures > 0 })

  window.addEventListener('message', (event) => {
    // The window is what tells our frame from any other; the origin, what stands in it now.
    if (event.source !== frame.contentWindow || event.origin !== origin) return
    const message: unknown = event.data
    if (!isRecord(message) || message.protocol !== PROTOCOL) return
    if (!lent) {
      lent = true
      void lendFonts(frame, to)
    }
    if (message.kind === 'ready') greet()
    else if (message.kind === 'height' && typeof message.height === 'number') resize(message.height)
    else if (message.kind === 'statement' && isRecord(message.statement)) {
      events.push({ id: uuid(), at: new Date().toISOString(), statement: message.statement })
      status()
      soon(300)
    } else if (message.kind === 'state' && isState(message)) {
      const { dataType, subContentId, data, preload, invalidate } = message
      states.set(`${subContentId}/${dataType}`, { dataType, subContentId, data, preload, invalidate })
      soon(300)
    }
  })
  const greet = () => frame.contentWindow?.postMessage({ protocol: PROTOCOL, kind: 'hello' }, to)
  greet()

  function resize(height: number): void {
    if (height > 0 && height < 100_000) frame.style.height = `${height}px`
  }

  function soon(ms: number): void {
    if (busy || timer) return
    timer = window.setTimeout(() => {
      timer = 0
      void flush()
    }, ms)
  }

  async function flush(): Promise<void> {
    if (busy || (events.length === 0 && states.size === 0)) return
    busy = true
    const batch = events.slice(0, BATCH)
    const places = [...states]
    try {
      const response = await send(batch, places, false)
      if (response.ok) {
        settle((await response.json()) as Answer, batch, places)
      } else if (response.status === 401 && (await renew())) {
        failures = 0
      } else if (response.status >= 500 || response.status === 429 || response.status === 401) {
        failures += 1
        asked = 1000 * (Number(response.headers.get('Retry-After')) || 0)
      } else {
        // The server will never take this; keeping it would keep everything behind it.
        events.splice(0, batch.length)
        forget(places)
        tell('refused', {
          problem: ((await response.json().catch(() => null)) as { problems?: unknown[] })?.problems?.[0],
        })
      }
    } catch {
      failures += 1
    }
    busy = false
    status()
    if (events.length > 0 || states.size > 0) soon(failures > 0 ? Math.max(asked, backoff(failures)) : 0)
    asked = 0
  }

  function send(batch: Event_[], places: [string, State][], keepalive: boolean): Promise<Response> {
    return fetch(`/h5p/attempts/${encodeURIComponent(attempt)}/events`, {
      method: 'POST',
      keepalive,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({
        events: batch,
        state: places.map(([, state]) => state),
        sent: new Date().toISOString(),
      }),
    })
  }

  function settle(answer: Answer, batch: Event_[], places: [string, State][]): void {
    failures = 0
    events.splice(0, batch.length)
    forget(places)
    for (const result of answer.results)
      if (result.status === 'refused') tell('refused', { problem: result.problem })
    if (answer.finished && !finished) {
      finished = true
      tell('finished', {})
    }
  }

  /** What was saved, unless the learner has gone on meanwhile. */
  function forget(places: [string, State][]): void {
    for (const [key, state] of places) if (states.get(key) === state) states.delete(key)
  }

  async function renew(): Promise<boolean> {
    if (!renewUrl) return false
    const response = await fetch(renewUrl, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...(csrf ? { 'x-csrf-token': csrf } : {}) },
    })
    if (!response.ok) return false
    const answer: unknown = await response.json()
    if (!isRecord(answer) || typeof answer.token !== 'string' || answer.token === token) return false
    token = answer.token
    return true
  }

  window.addEventListener('online', () => {
    window.clearTimeout(timer)
    timer = 0
    void flush()
  })
  window.addEventListener('pagehide', () => {
    if (events.length > 0 || states.size > 0)
      send(events.slice(0, BATCH), [...states], true).catch(() => {
        // The page is going; what was answered before its end was sent while it stood.
      })
  })
}

/** Longer each time, and not the same for all whom one outage met. */
function backoff(failures: number): number {
  return Math.min(1000 * 2 ** failures, LONGEST_PAUSE) * (0.75 + Math.random() / 2)
}

/**
 * Gives the frame the faces that this page has loaded, so that the lesson is set in the page's own type without loading
 * it a second time: a page of opaque origin shares no cache with ours.
 */
async function lendFonts(frame: HTMLIFrameElement, to: string): Promise<void> {
  await document.fonts.ready
  const loaded = new Set([...document.fonts].filter((face) => face.status === 'loaded').map(faceKey))
  const rules = [...document.styleSheets]
    .filter((sheet) => !sheet.href || new URL(sheet.href).origin === location.origin)
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, base: sheet.href ?? location.href })))
  for (const { rule, base } of rules) {
    if (!(rule instanceof CSSFontFaceRule)) continue
    const value = (name: string) => rule.style.getPropertyValue(name)
    const described = {
      family: value('font-family').replace(/^["']|["']$/g, ''),
      weight: value('font-weight') || 'normal',
      style: value('font-style') || 'normal',
      unicodeRange: value('unicode-range') || 'U+0-10FFFF',
    }
    const url = /url\(["']?([^"')]+)/.exec(value('src'))?.[1]
    if (!url || !loaded.has(faceKey(described))) continue
    const response = await fetch(new URL(url, base), { cache: 'force-cache' })
    if (!response.ok) continue
    const bytes = await response.arrayBuffer()
    frame.contentWindow?.postMessage({ protocol: PROTOCOL, kind: 'font', ...described, bytes }, to, [bytes])
  }
}

function faceKey(face: Pick<FontFace, 'family' | 'weight' | 'style' | 'unicodeRange'>): string {
  const { family, weight, style, unicodeRange } = face
  const plain = family.replace(/^["']|["']$/g, '')
  return `${plain}/${weight}/${style}/${unicodeRange.replaceAll(' ', '').toUpperCase()}`
}

/** `crypto.randomUUID` is there in secure contexts only, and a centre's own network may be without HTTPS. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isState(message: Record<string, unknown>): message is Record<string, unknown> & State {
  return (
    typeof message.dataType === 'string' &&
    typeof message.subContentId === 'string' &&
    (message.data === null || typeof message.data === 'string') &&
    typeof message.preload === 'boolean' &&
    typeof message.invalidate === 'boolean'
  )
}
